package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.DeviceLimits;
import org.messengerp2p.mailbox.MailboxDatabase;

/** The delivery token of each account, as its hash (MP2P/1 §6.3). */
@ApplicationScoped
public class DeliveryTokens {

    /** Most tokens that one question may be about. */
    public static final int MOST_SHOWN = 500;

    private static final String PUT = """
            with caller as materialized (
                select from mailbox m where m.account = $1 and m.device = $2
            ),
            changed as (
                update recipient r
                   set delivery_token_hash = $3
                 where r.account = $1
                   and r.delivery_token_hash is distinct from $3
                   and exists (select from caller)
                returning r.account
            )
            select exists (select from caller) as listed, exists (select from changed) as changed
            """;

    /** By hash, as they are kept: how far a comparison came tells nothing of a token. */
    private static final String RIGHT = """
            select s.place
              from unnest($1::uuid[], $2::bytea[]) with ordinality as s (account, hash, place)
              join recipient r
                on r.account = s.account
               and r.delivery_token_hash = s.hash
            """;

    private final DeviceLimits limits;
    private final MailboxDatabase database;
    private final DeviceDirectory directory;
    private final DeviceBus bus;

    DeliveryTokens(DeviceLimits limits, MailboxDatabase database, DeviceDirectory directory, DeviceBus bus) {
        this.limits = limits;
        this.database = database;
        this.directory = directory;
        this.bus = bus;
    }

    /** Replaces the token of the caller's account. Watches that were opened by another token end. */
    Uni<Void> put(Device caller, DeliveryTokenHash hash) {
        limits.take(caller);
        return directory
                .asListed(caller, () -> replace(caller, hash))
                .invoke(changed -> tell(changed, caller.account()))
                .replaceWithVoid();
    }

    /**
     * Tells which of these tokens, at most {@value #MOST_SHOWN}, are those of their accounts.
     *
     * @return for each whether it is, in their order
     */
    public Uni<List<Boolean>> areRight(List<ShownDeliveryToken> shown) {
        if (shown.size() > MOST_SHOWN) {
            throw new IllegalArgumentException("at most " + MOST_SHOWN + " tokens at once");
        }
        UUID[] accounts = shown.stream().map(each -> each.account().value()).toArray(UUID[]::new);
        Buffer[] hashes =
                shown.stream().map(each -> Buffer.buffer(each.hash().bytes())).toArray(Buffer[]::new);
        return database.execute(RIGHT, Tuple.of(accounts, hashes)).map(rows -> placesOf(rows, shown.size()));
    }

    private static List<Boolean> placesOf(RowSet<Row> rows, int count) {
        Boolean[] right = new Boolean[count];
        Arrays.fill(right, false);
        for (Row row : rows) {
            right[(int) (row.getLong("place") - 1)] = true;
        }
        return List.of(right);
    }

    private Uni<Optional<Boolean>> replace(Device caller, DeliveryTokenHash hash) {
        Tuple parameters = Tuple.of(caller.account().value(), caller.device().value(), Buffer.buffer(hash.bytes()));
        return database.execute(PUT, parameters).map(DeliveryTokens::changedIfListed);
    }

    private static Optional<Boolean> changedIfListed(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return row.getBoolean("listed") ? Optional.of(row.getBoolean("changed")) : Optional.empty();
    }

    private void tell(boolean changed, AccountId account) {
        if (changed) {
            bus.publish(new BusEvent.NewDeliveryToken(account));
        }
    }
}
