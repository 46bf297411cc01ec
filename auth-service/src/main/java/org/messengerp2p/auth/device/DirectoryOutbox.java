package org.messengerp2p.auth.device;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.messengerp2p.auth.work.CallerContext;
import org.messengerp2p.kit.identity.AccountId;

/**
 * Hands device lists and ends of accounts to mailbox-service until it has accepted them. What a request has changed is handed over at once,
 * by that request; what failed then is tried again here, with growing pauses.
 */
@ApplicationScoped
public class DirectoryOutbox {
    private static final Logger LOG = Logger.getLogger(DirectoryOutbox.class);
    private static final int BATCH = 50;

    private final DirectoryNotices notices;
    private final MailboxDirectory mailbox;
    private final DirectorySettings settings;

    DirectoryOutbox(DirectoryNotices notices, MailboxDirectory mailbox, DirectorySettings settings) {
        this.notices = notices;
        this.mailbox = mailbox;
        this.settings = settings;
    }

    /**
     * Hands over what waits for this account, after the transaction that wrote it. Never fails: completes when
     * mailbox-service has answered, or after the call's timeout with the outbox still trying.
     */
    public Uni<Void> handOver(AccountId account) {
        return notices.waitingFor(account)
                .chain(waiting ->
                        waiting.map(this::handOver).orElse(Uni.createFrom().voidItem()))
                .onFailure()
                .recoverWithUni(failure -> later(failure));
    }

    @Scheduled(
            every = "${mp2p.auth.directory.sweep-every:2s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> sweep() {
        return notices.due(BATCH)
                .onItem()
                .transformToMulti(due -> Multi.createFrom().iterable(due))
                .onItem()
                .transformToUniAndConcatenate(this::handOver)
                .collect()
                .last()
                .onFailure()
                .recoverWithUni(failure -> later(failure));
    }

    private Uni<Void> handOver(DirectoryNotice notice) {
        return notices.claim(notice, pauseAfter(notice))
                .chain(ours -> ours ? call(notice) : Uni.createFrom().voidItem());
    }

    private Uni<Void> call(DirectoryNotice notice) {
        return told(notice)
                .ifNoItem()
                .after(settings.callTimeout())
                .fail()
                .emitOn(CallerContext.executor())
                .chain(() -> notices.accepted(notice))
                .onFailure()
                .recoverWithUni(failure -> later(failure));
    }

    private Uni<Void> told(DirectoryNotice notice) {
        return notice.isEnd()
                ? mailbox.end(notice.account())
                : mailbox.put(notice.account(), notice.listVersion(), notice.devices(), notice.removed());
    }

    private static Uni<Void> later(Throwable failure) {
        LOG.warnf(
                "mailbox-service has not accepted a notice yet (%s)",
                failure.getClass().getSimpleName());
        return Uni.createFrom().voidItem();
    }

    /** Never shorter than a call may take, so that two replicas do not make the same one. */
    private Duration pauseAfter(DirectoryNotice notice) {
        long doubled = settings.firstRetry().toMillis() << Math.min(notice.tries(), 16);
        long longest = settings.longestRetry().toMillis();
        long pause = Math.max(Math.min(doubled, longest), settings.callTimeout().toMillis());
        return Duration.ofMillis(pause + ThreadLocalRandom.current().nextLong(pause / 4 + 1));
    }
}
