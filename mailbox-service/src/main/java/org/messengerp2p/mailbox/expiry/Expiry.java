package org.messengerp2p.mailbox.expiry;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxDepths;
import org.messengerp2p.mailbox.MailboxMetrics;
import org.messengerp2p.mailbox.MailboxSettings;
import org.messengerp2p.mailbox.delivery.EndedAccounts;

/**
 * Deletes what has waited for MAILBOX_TTL (MP2P/1 §1.3) and counts it for the device. Several replicas may
 * do it at the same time: each envelope is deleted, and counted, once. The same walk shows how full the mailboxes are.
 */
@ApplicationScoped
public class Expiry {

    private static final Logger LOG = Logger.getLogger(Expiry.class);

    /** Before every mailbox; no account has this id, which is a hash. */
    private static final Device FIRST = new Device(new AccountId(new UUID(0, 0)), new DeviceId(1));

    private final Vertx vertx;
    private final MailboxSettings settings;
    private final ExpiredEnvelopes expired;
    private final EndedAccounts ended;
    private final MailboxMetrics metrics;
    private final Clock clock;
    private volatile boolean stopped;

    Expiry(
            Vertx vertx,
            MailboxSettings settings,
            ExpiredEnvelopes expired,
            EndedAccounts ended,
            MailboxMetrics metrics,
            Clock clock) {
        this.vertx = vertx;
        this.settings = settings;
        this.expired = expired;
        this.ended = ended;
        this.metrics = metrics;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        // Replicas that start together need not look together.
        sweepAfter(ThreadLocalRandom.current()
                .nextLong(1, settings.expiryInterval().toMillis() + 1));
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void sweepAfter(long millis) {
        if (!stopped) {
            vertx.setTimer(
                    millis,
                    timer -> sweep().call(ended::forgetOld)
                            .onFailure()
                            .invoke(Expiry::tell)
                            .subscribe()
                            .with(done -> sweepAgain(), failure -> sweepAgain()));
        }
    }

    private void sweepAgain() {
        sweepAfter(settings.expiryInterval().toMillis());
    }

    /** @return how many envelopes went */
    Uni<Integer> sweep() {
        OffsetDateTime now = OffsetDateTime.now(clock.withZone(ZoneOffset.UTC));
        Walk walk = new Walk(now.minus(settings.ttl()), new MailboxDepths(now.toInstant()));
        return Multi.createBy()
                .repeating()
                .uni(() -> expireNextPage(walk))
                .whilst(read -> read == ExpiredEnvelopes.PAGE_SIZE)
                .onItem()
                .ignoreAsUni()
                .invoke(() -> metrics.found(walk.depths))
                .map(done -> walk.gone);
    }

    /** @return how many mailboxes the page has */
    private Uni<Integer> expireNextPage(Walk walk) {
        return expired.mailboxes(walk.last)
                .invoke(walk::saw)
                .call(page -> expireAll(page, walk))
                .map(List::size);
    }

    private Uni<Void> expireAll(List<ExpiredEnvelopes.Mailbox> page, Walk walk) {
        return Multi.createFrom()
                .iterable(page)
                .filter(mailbox -> mailbox.holdsFromBefore(walk.before))
                .onItem()
                .transformToUniAndConcatenate(mailbox -> expired.expire(mailbox.device(), walk.before))
                .invoke(metrics::expired)
                .invoke(walk::went)
                .onItem()
                .ignoreAsUni();
    }

    /** How far one walk over all mailboxes has come; its steps follow each other. */
    private static final class Walk {

        private final OffsetDateTime before;
        private final MailboxDepths depths;
        private Device last = FIRST;
        private int gone;

        Walk(OffsetDateTime before, MailboxDepths depths) {
            this.before = before;
            this.depths = depths;
        }

        void saw(List<ExpiredEnvelopes.Mailbox> page) {
            for (ExpiredEnvelopes.Mailbox mailbox : page) {
                mailbox.oldest()
                        .ifPresentOrElse(oldest -> depths.add(mailbox.waiting(), oldest.toInstant()), depths::addEmpty);
                last = mailbox.device();
            }
        }

        void went(int envelopes) {
            gone += envelopes;
        }
    }

    private static void tell(Throwable failure) {
        if (failure instanceof ProblemException away) {
            LOG.warnf("What has expired stays until the next try (%s)", away.getMessage());
        } else {
            LOG.error("What has expired stays until the next try", failure);
        }
    }
}
