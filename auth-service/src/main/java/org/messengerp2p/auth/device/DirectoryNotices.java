package org.messengerp2p.auth.device;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.panache.common.Page;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.messengerp2p.auth.account.Account;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;

/** The outbox towards mailbox-service: written with the list itself, emptied by {@link DirectoryOutbox}. */
@ApplicationScoped
class DirectoryNotices implements PanacheRepositoryBase<DirectoryNotice, UUID> {
    private final Clock clock;

    DirectoryNotices(Clock clock) {
        this.clock = clock;
    }

    /** In the caller's transaction. */
    Uni<Void> note(DeviceList list, List<DeviceId> removed) {
        return findById(list.account().value(), LockModeType.PESSIMISTIC_WRITE)
                .chain(waiting -> {
                    if (waiting == null) {
                        return persist(new DirectoryNotice(list, removed, clock.instant()));
                    }
                    waiting.takeOver(list, removed, clock.instant());
                    return Uni.createFrom().item(waiting);
                })
                .replaceWithVoid();
    }

    /** That the account ends, in the caller's transaction. */
    Uni<Void> noteEnd(Account account) {
        return findById(account.id().value(), LockModeType.PESSIMISTIC_WRITE)
                .chain(waiting -> {
                    if (waiting == null) {
                        return persist(DirectoryNotice.endAfter(account, clock.instant()));
                    }
                    waiting.endAfter(account.listVersion(), clock.instant());
                    return Uni.createFrom().item(waiting);
                })
                .replaceWithVoid();
    }

    @WithSession
    Uni<Optional<DirectoryNotice>> waitingFor(AccountId account) {
        return findById(account.value()).map(Optional::ofNullable);
    }

    @WithSession
    Uni<List<DirectoryNotice>> due(int most) {
        return find("nextTryAt <= ?1", Sort.ascending("nextTryAt"), clock.instant())
                .page(Page.ofSize(most))
                .list();
    }

    /**
     * Puts the next try off, so that no other replica makes this one.
     *
     * @return whether the notice is still the one that was read and nobody else has claimed it
     */
    @WithTransaction
    Uni<Boolean> claim(DirectoryNotice read, Duration untilNextTry) {
        Instant next = clock.instant().plus(untilNextTry);
        return update(
                        "nextTryAt = ?1, tries = tries + 1 where accountId = ?2 and listVersion = ?3 and tries = ?4",
                        next,
                        read.account().value(),
                        read.listVersion(),
                        read.tries())
                .map(rows -> rows == 1);
    }

    /** Takes the notice out, unless a newer list has taken its place meanwhile. */
    @WithTransaction
    Uni<Void> accepted(DirectoryNotice handedOver) {
        return delete(
                        "accountId = ?1 and listVersion = ?2",
                        handedOver.account().value(),
                        handedOver.listVersion())
                .replaceWithVoid();
    }
}
