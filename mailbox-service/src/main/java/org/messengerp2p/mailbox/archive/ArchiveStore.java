package org.messengerp2p.mailbox.archive;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxDatabase;
import org.messengerp2p.mailbox.MailboxSettings;

/** The one row of each archive: to hold it while it is changed, and to delete it with all that belongs to it. */
@ApplicationScoped
public class ArchiveStore {

    /**
     * The caller's mailbox is locked first, which lets stores pass and is what the end of the device or account waits
     * for: no row comes after the end, and no deadlock with it.
     */
    private static final String HOLD = """
            with caller as materialized (
                select m.device from mailbox m where m.account = $1 and m.device = $2 for key share
            )
            select a.segments, a.manifests, a.bytes
              from archive a
             where a.account = $1
               and exists (select from caller)
               for no key update
            """;

    private static final String BEGIN = """
            with caller as materialized (
                select m.account from mailbox m where m.account = $1 and m.device = $2 for key share
            )
            insert into archive (account)
            select c.account from caller c
                on conflict on constraint archive_pk do nothing
            """;

    /** Segments and manifests go by the foreign key. */
    private static final String DELETE = """
            with caller as materialized (
                select m.device from mailbox m where m.account = $1 and m.device = $2 for key share
            ),
            gone as (
                delete from archive a where a.account = $1 and exists (select from caller)
            )
            select true from caller
            """;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final MailboxDatabase database;
    private final Duration longest;
    private final Turns turns = new Turns();

    ArchiveStore(MailboxDatabase database, MailboxSettings settings) {
        this.database = database;
        // A turn of its own and those before it: in a line that does not move all give up together.
        this.longest = settings.database().patience().multipliedBy(2);
    }

    /**
     * Changes the archive of the caller's account in one transaction; a failure undoes all of it.
     *
     * @return empty if the directory does not list the caller, and then nothing was done
     */
    <T> Uni<Optional<T>> change(Device caller, Function<HeldArchive, Uni<T>> change) {
        return turns.inTurn(
                        caller.account(),
                        () -> database.inTransactionForClient(transaction -> hold(transaction, caller)
                                .chain(held ->
                                        held.isPresent() ? Uni.createFrom().item(held) : begin(transaction, caller))
                                .chain(held -> held.isPresent()
                                        ? change.apply(held.get()).map(Optional::of)
                                        : Uni.createFrom().item(Optional.<T>empty()))))
                .ifNoItem()
                .after(longest)
                .failWith(() -> ProblemException.retryAfter(
                        CommonProblem.UNAVAILABLE, "The archive is being changed; try again.", RETRY_AFTER));
    }

    /** @return empty if the directory does not list the caller */
    Uni<Optional<Boolean>> delete(Device caller) {
        return database.executeInBackground(DELETE, key(caller))
                .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(true));
    }

    private static Uni<Optional<HeldArchive>> begin(SqlConnection transaction, Device caller) {
        return transaction.preparedQuery(BEGIN).execute(key(caller)).chain(() -> hold(transaction, caller));
    }

    private static Uni<Optional<HeldArchive>> hold(SqlConnection transaction, Device caller) {
        return transaction.preparedQuery(HOLD).execute(key(caller)).map(rows -> held(transaction, caller, rows));
    }

    private static Optional<HeldArchive> held(SqlConnection transaction, Device caller, RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        return Optional.of(new HeldArchive(
                transaction,
                caller.account(),
                row.getInteger("segments"),
                row.getInteger("manifests"),
                row.getLong("bytes")));
    }

    private static Tuple key(Device caller) {
        return Tuple.of(caller.account().value(), caller.device().value());
    }
}
