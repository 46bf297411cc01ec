package org.messengerp2p.mailbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemType;

/** What passes through the mailboxes, counted in envelopes and without any id; docs/operations.md lists the names. */
@ApplicationScoped
@Startup
public class MailboxMetrics {

    private static final String REFUSED = "mp2p.mailbox.refused";
    private static final String REASON = "reason";
    private static final String FULL = "full";

    /** Shown from the start, so that a rate can be taken of the first one too. */
    private static final List<ProblemType> EXPECTED = List.of(
            MailboxProblem.DELIVERY_TOKEN,
            MailboxProblem.LIST_VERSION,
            MailboxProblem.STORAGE_FULL,
            CommonProblem.NOT_FOUND,
            CommonProblem.DEVICE_REVOKED,
            CommonProblem.RATE_LIMITED,
            CommonProblem.TOO_LARGE,
            CommonProblem.UNAVAILABLE);

    private final MeterRegistry registry;
    private final Counter stored;
    private final Counter duplicate;
    private final Counter full;
    private final Counter collected;
    private final Counter acknowledged;
    private final Counter expired;
    private final Counter unreadable;
    private final DistributionSummary storeGroup;
    private final Counter undone;
    private volatile MailboxDepths depths;

    MailboxMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.stored = registry.counter("mp2p.mailbox.stored");
        this.duplicate = registry.counter("mp2p.mailbox.duplicate");
        this.full = registry.counter(REFUSED, REASON, FULL);
        this.collected = registry.counter("mp2p.mailbox.collected");
        this.acknowledged = registry.counter("mp2p.mailbox.acknowledged");
        this.expired = registry.counter("mp2p.mailbox.expired");
        this.unreadable = registry.counter("mp2p.mailbox.unreadable");
        this.storeGroup = DistributionSummary.builder("mp2p.mailbox.store.group")
                .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500)
                .register(registry);
        this.undone = registry.counter("mp2p.mailbox.store.undone");
        EXPECTED.forEach(reason -> registry.counter(REFUSED, REASON, reason.slug()));
        showDepths();
    }

    /** What became of the envelopes of one request. */
    public void delivered(int fresh, int repeated, int refused) {
        stored.increment(fresh);
        duplicate.increment(repeated);
        full.increment(refused);
    }

    /** Refused with their whole request. */
    public void refused(ProblemType reason, int envelopes) {
        registry.counter(REFUSED, REASON, reason.slug()).increment(envelopes);
    }

    /** Handed out; what is not acknowledged is handed out again and counted again. */
    public void collected(int envelopes) {
        collected.increment(envelopes);
    }

    public void acknowledged(int envelopes) {
        acknowledged.increment(envelopes);
    }

    public void expired(int envelopes) {
        expired.increment(envelopes);
    }

    /** Rows that no key of the keyset opens. */
    public void unreadable(int rows) {
        unreadable.increment(rows);
    }

    /** Requests whose envelopes went into one statement and one commit. */
    public void storedTogether(int requests) {
        storeGroup.record(requests);
    }

    /** A group was undone, since one of its envelopes was waiting already, and is stored again. */
    public void groupUndone() {
        undone.increment();
    }

    /** What a walk over all mailboxes found; shown until the next one. */
    public void found(MailboxDepths found) {
        depths = found;
    }

    /** Before the first walk nothing is known, which is NaN and not 0. */
    private void showDepths() {
        gauge("mp2p.mailbox.oldest.age", found -> found.oldestAge().toSeconds())
                .baseUnit("seconds")
                .register(registry);
        for (MailboxDepths.Band band : MailboxDepths.Band.values()) {
            gauge("mp2p.mailbox.depth", found -> found.mailboxes(band))
                    .tag("waiting", band.label())
                    .register(registry);
        }
    }

    private Gauge.Builder<MailboxMetrics> gauge(String name, ToDoubleFunction<MailboxDepths> value) {
        return Gauge.builder(name, this, all -> all.depths == null ? Double.NaN : value.applyAsDouble(all.depths));
    }
}
