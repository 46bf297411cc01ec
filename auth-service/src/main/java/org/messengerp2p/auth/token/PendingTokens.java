package org.messengerp2p.auth.token;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Caller;

/** The sign-ins that have not become devices yet, by the {@code jti} of their tokens. */
@ApplicationScoped
public class PendingTokens implements PanacheRepositoryBase<PendingToken, UUID> {
    private final Clock clock;

    PendingTokens(Clock clock) {
        this.clock = clock;
    }

    @WithTransaction
    Uni<Void> begin(UUID tokenId, AccountId account, Instant endsAt) {
        return persist(new PendingToken(tokenId, account, endsAt)).replaceWithVoid();
    }

    /** Whether the token was not ended before its time. */
    @WithSession
    Uni<Boolean> isAlive(Caller caller) {
        return findById(UUID.fromString(caller.tokenId())).map(token -> token != null && token.isOf(caller.account()));
    }

    /** The caller's token, held until the transaction ends, so that of two uses the second sees the first. */
    public Uni<Optional<PendingToken>> held(Caller caller) {
        return findById(UUID.fromString(caller.tokenId()), LockModeType.PESSIMISTIC_WRITE)
                .map(Optional::ofNullable);
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @WithTransaction
    Uni<Void> forgetEnded() {
        return delete("endsAt <= ?1", clock.instant()).replaceWithVoid();
    }
}
