package org.messengerp2p.auth.prekey;

import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Removes what is too old to be handed out, and what was kept to refuse its return. */
@ApplicationScoped
class PrekeyExpiry {
    private final Prekeys prekeys;
    private final RetiredPrekeys retired;
    private final PrekeySettings settings;
    private final Clock clock;

    PrekeyExpiry(Prekeys prekeys, RetiredPrekeys retired, PrekeySettings settings, Clock clock) {
        this.prekeys = prekeys;
        this.retired = retired;
        this.settings = settings;
        this.clock = clock;
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @WithTransaction
    Uni<Void> run() {
        Instant now = clock.instant();
        Instant oldest = now.minus(settings.oneTimeLife());
        return prekeys.delete(
                        "createdMs <= ?1 and name.kind in ?2",
                        oldest.toEpochMilli(),
                        List.of(PrekeyKind.OPK.code(), PrekeyKind.PQO.code()))
                // A record may be dated ahead by the tolerance, and is fresh for as much longer.
                .chain(() -> retired.delete("retiredAt <= ?1", oldest.minus(PrekeyBatch.CLOCK_TOLERANCE)))
                .chain(prekeys::getSession)
                .chain(session -> session.createNativeQuery("delete from prekey_ration where ends_at <= :now")
                        .setParameter("now", now)
                        .executeUpdate())
                .replaceWithVoid();
    }
}
