package org.messengerp2p.auth.device;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Sort;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/** The removals of the last hour, written with the list that makes them. */
@ApplicationScoped
class RevokedDevices implements PanacheRepositoryBase<RevokedDevice, Long> {
    /** A token lives an hour at most; the rest is for clocks that differ. Gone after 70 minutes, by the sweep. */
    private static final Duration KEPT = Duration.ofMinutes(65);

    private static final String FIRST_OPEN_TRANSACTION =
            "select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)";

    private final Clock clock;

    RevokedDevices(Clock clock) {
        this.clock = clock;
    }

    /** In the caller's transaction. */
    Uni<Void> add(AccountId account, List<DeviceId> removed) {
        Instant now = clock.instant();
        return removed.isEmpty()
                ? Uni.createFrom().voidItem()
                : persist(removed.stream().map(id -> new RevokedDevice(new Device(account, id), now)));
    }

    /** All transactions before this one have ended: what they removed can be seen from now on. */
    Uni<Long> firstOpenTransaction() {
        return getSession()
                .chain(session -> session.createNativeQuery(FIRST_OPEN_TRANSACTION, Long.class)
                        .getSingleResult());
    }

    /** What can be seen of the removals by this transaction and all later ones. */
    Uni<List<RevokedDevice>> byTransactionsFrom(long transactionId, int most) {
        return find("transactionId >= ?1", Sort.ascending("serial"), transactionId)
                .page(Page.ofSize(most))
                .list();
    }

    Uni<List<RevokedDevice>> after(long serial, int most) {
        return find("serial > ?1", Sort.ascending("serial"), serial)
                .page(Page.ofSize(most))
                .list();
    }

    @Scheduled(every = "5m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @WithTransaction
    Uni<Void> forgetOld() {
        return delete("removedAt <= ?1", clock.instant().minus(KEPT)).replaceWithVoid();
    }
}
