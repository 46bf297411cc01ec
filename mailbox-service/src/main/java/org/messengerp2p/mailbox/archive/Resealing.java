package org.messengerp2p.mailbox.archive;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.sealing.ArchiveSeal;

/**
 * Seals rows of archives by the newest key, since they never go by themselves; so a former key can be destroyed one day.
 * Looks while the keyset has several keys, and goes through the rows one by one. What a stopped service has not done the
 * next look finds; several replicas hinder each other in nothing. What no key opens stays as it is.
 */
@ApplicationScoped
public class Resealing {

    private static final Logger LOG = Logger.getLogger(Resealing.class);

    private final Vertx vertx;
    private final ArchiveSettings settings;
    private final ArchiveSeal seal;
    private final OldSeals rows;
    private final ArchiveMetrics metrics;
    private volatile long timer;
    private volatile boolean stopped;

    Resealing(Vertx vertx, ArchiveSettings settings, ArchiveSeal seal, OldSeals rows, ArchiveMetrics metrics) {
        this.vertx = vertx;
        this.settings = settings;
        this.seal = seal;
        this.rows = rows;
        this.metrics = metrics;
    }

    /** What one look has found. */
    record Outcome(int resealed, int unreadable) {

        static final Outcome NOTHING = new Outcome(0, 0);

        Outcome and(Outcome other) {
            return new Outcome(resealed + other.resealed, unreadable + other.unreadable);
        }
    }

    /** @param more whether rows may lie behind the page */
    private record Step(Outcome outcome, boolean more) {}

    private static final class Sum {

        private Outcome outcome = Outcome.NOTHING;

        private void add(Outcome one) {
            outcome = outcome.and(one);
        }
    }

    void start(@Observes StartupEvent event) {
        lookAfter(ThreadLocalRandom.current()
                .nextLong(1, settings.resealInterval().toMillis() + 1));
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    private void lookAfter(long millis) {
        if (!stopped) {
            timer = vertx.setTimer(
                    millis,
                    tick -> look().onItemOrFailure()
                            .invoke(Resealing::tell)
                            .subscribe()
                            .with(done -> lookAgain(), failure -> lookAgain()));
        }
    }

    private void lookAgain() {
        lookAfter(settings.resealInterval().toMillis());
    }

    Uni<Outcome> look() {
        if (!seal.hasOtherKeys()) {
            return Uni.createFrom().item(Outcome.NOTHING);
        }
        return lookThrough(ArchiveSeal.Table.MANIFEST)
                .chain(manifests -> lookThrough(ArchiveSeal.Table.SEGMENT).map(manifests::and));
    }

    private Uni<Outcome> lookThrough(ArchiveSeal.Table table) {
        AtomicReference<ArchiveSeal.Row> at = new AtomicReference<>(OldSeals.beginning(table));
        return Multi.createBy()
                .repeating()
                .uni(() -> rows.behind(at.get(), seal.prefix()).chain(page -> step(page, at)))
                .whilst(step -> step.more() && !stopped)
                .collect()
                .in(Sum::new, (sum, step) -> sum.add(step.outcome()))
                .map(sum -> sum.outcome);
    }

    private Uni<Step> step(List<OldSeals.Found> page, AtomicReference<ArchiveSeal.Row> at) {
        boolean more = page.size() == OldSeals.PAGE_SIZE;
        if (more) {
            at.set(page.get(page.size() - 1).row());
        }
        return reseal(page).map(outcome -> new Step(outcome, more));
    }

    private Uni<Outcome> reseal(List<OldSeals.Found> page) {
        return Multi.createFrom()
                .iterable(page)
                .filter(found -> found.sealed() != null)
                .onItem()
                .transformToUniAndConcatenate(this::reseal)
                .collect()
                .in(Sum::new, Sum::add)
                .map(sum -> sum.outcome);
    }

    private Uni<Outcome> reseal(OldSeals.Found found) {
        Optional<byte[]> content = seal.open(found.row(), found.sealed());
        if (content.isEmpty()) {
            metrics.unreadable(1);
            return Uni.createFrom().item(new Outcome(0, 1));
        }
        byte[] sealed = seal.seal(found.row(), content.get());
        return rows.replace(found.row(), seal.prefix(), sealed)
                .invoke(metrics::resealed)
                .map(replaced -> new Outcome(replaced ? 1 : 0, 0));
    }

    private static void tell(Outcome outcome, Throwable failure) {
        if (failure instanceof ProblemException away) {
            LOG.warnf("Archives are sealed anew at the next try (%s)", away.getMessage());
        } else if (failure != null) {
            LOG.error("Archives are sealed anew at the next try", failure);
        } else if (outcome.unreadable() > 0) {
            LOG.errorf(
                    "%d rows of archives cannot be opened by the keyset of this service and stay as they are",
                    outcome.unreadable());
        } else if (outcome.resealed() > 0) {
            LOG.infof("%d rows of archives are sealed by the newest key now", outcome.resealed());
        }
    }
}
