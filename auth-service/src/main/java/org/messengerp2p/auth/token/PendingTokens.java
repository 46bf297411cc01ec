package org.messengerp2p.auth.token;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Caller;

/** The sign-ins that have not become devices yet, by the {@code jti} of their tokens. */
@ApplicationScoped
public class PendingTokens implements PanacheRepositoryBase<PendingToken, UUID> {
    // The account is held, since it may be about to end.
    private static final String BEGIN = """
            insert into pending_token (token_id, account_id, by_recovery, ends_at)
            select :token, account_id, :byRecovery, :ends
              from account
             where account_id = :account
               for key share
            """;

    private final Clock clock;

    PendingTokens(Clock clock) {
        this.clock = clock;
    }

    /** From the caller's transaction on the token counts; that of an account which is gone never does. */
    public Uni<Void> begin(AccountId account, IssuedPending issued, boolean byRecovery) {
        return getSession()
                .chain(session -> session.createNativeQuery(BEGIN)
                        .setParameter("token", issued.tokenId())
                        .setParameter("account", account.value())
                        .setParameter("byRecovery", byRecovery)
                        .setParameter("ends", issued.endsAt())
                        .executeUpdate())
                .replaceWithVoid();
    }

    /** The caller's token, unless it was ended before its time. */
    @WithSession
    public Uni<Optional<PendingToken>> of(Caller caller) {
        return findById(id(caller))
                .map(token -> Optional.ofNullable(token).filter(found -> found.isOf(caller.account())));
    }

    /** The caller's token, held until the transaction ends, so that of two uses the second sees the first. */
    public Uni<Optional<PendingToken>> held(Caller caller) {
        return findById(id(caller), LockModeType.PESSIMISTIC_WRITE).map(Optional::ofNullable);
    }

    /** Ends the sign-ins of an account, in the caller's transaction; that of the caller itself, if it is one, stays. */
    public Uni<Void> endOthers(Caller caller) {
        return delete("accountId = ?1 and tokenId <> ?2", caller.account().value(), id(caller))
                .replaceWithVoid();
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @WithTransaction
    Uni<Void> forgetEnded() {
        return delete("endsAt <= ?1", clock.instant()).replaceWithVoid();
    }

    private static UUID id(Caller caller) {
        return UUID.fromString(caller.tokenId());
    }
}
