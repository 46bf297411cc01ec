package org.messengerp2p.auth.account;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.messengerp2p.auth.secret.ServerSecrets;

/**
 * Names of deleted accounts, for as long as nobody may take them, and whoever looks like them neither. A row is a keyed
 * hash: it refuses the name to who asks for it, and tells it to nobody who reads it.
 */
@ApplicationScoped
public class HeldBackNames {
    private static final String HOLD = """
            insert into held_back_name (name_key, free_at)
            values (:key, :free)
            on conflict (name_key) do update set free_at = greatest(held_back_name.free_at, excluded.free_at)
            """;

    private static final String COUNT =
            "select count(*) from held_back_name where name_key in (:keys) and free_at > :now";

    private static final String FORGET = "delete from held_back_name where free_at <= :now";

    /** Keeps these hashes apart from others under the same key. */
    private static final String PURPOSE = "held_back_name\0";

    private final Accounts accounts;
    private final ServerSecrets secrets;
    private final NameSettings settings;
    private final Clock clock;

    HeldBackNames(Accounts accounts, ServerSecrets secrets, NameSettings settings, Clock clock) {
        this.accounts = accounts;
        this.secrets = secrets;
        this.settings = settings;
        this.clock = clock;
    }

    /** In the transaction that ends the account. */
    public Uni<Void> hold(Username name) {
        return accounts.getSession()
                .chain(session -> session.createNativeQuery(HOLD)
                        .setParameter("key", secrets.blinded(named(name)))
                        .setParameter("free", clock.instant().plus(settings.heldBackFor()))
                        .executeUpdate())
                .replaceWithVoid();
    }

    /**
     * Whether nobody may take this name now. In the transaction that makes an account it is asked after the row of the
     * account is written: that waits for the end of another one with such a name, and a statement sees only what was
     * committed before it began.
     */
    @WithSession
    public Uni<Boolean> holds(Username name) {
        return accounts.getSession()
                .chain(session -> session.createNativeQuery(COUNT, Long.class)
                        // A key that is no longer the first has made rows that still count.
                        .setParameter("keys", secrets.blindedByEachKey(named(name)))
                        .setParameter("now", clock.instant())
                        .getSingleResult())
                .map(rows -> rows > 0);
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @WithTransaction
    Uni<Void> forgetFree() {
        return accounts.getSession()
                .chain(session -> session.createNativeQuery(FORGET)
                        .setParameter("now", clock.instant())
                        .executeUpdate())
                .replaceWithVoid();
    }

    private static byte[] named(Username name) {
        return (PURPOSE + NameSkeleton.of(name).value()).getBytes(StandardCharsets.US_ASCII);
    }
}
