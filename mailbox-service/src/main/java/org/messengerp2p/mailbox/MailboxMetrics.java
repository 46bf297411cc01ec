package org.messengerp2p.mailbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;

/** What passes through the mailboxes, counted in envelopes and without any id. */
@ApplicationScoped
public class MailboxMetrics {

    private final Counter stored;
    private final Counter duplicate;
    private final Counter full;
    private final Counter collected;
    private final Counter acknowledged;
    private final Counter expired;
    private final Counter unreadable;
    private final DistributionSummary groups;

    MailboxMetrics(MeterRegistry registry) {
        this.stored = registry.counter("mp2p.mailbox.stored");
        this.duplicate = registry.counter("mp2p.mailbox.duplicate");
        this.full = registry.counter("mp2p.mailbox.full");
        this.collected = registry.counter("mp2p.mailbox.collected");
        this.acknowledged = registry.counter("mp2p.mailbox.acknowledged");
        this.expired = registry.counter("mp2p.mailbox.expired");
        this.unreadable = registry.counter("mp2p.mailbox.unreadable");
        this.groups = registry.summary("mp2p.mailbox.store.group");
    }

    /** What became of the envelopes of one request. */
    public void delivered(int fresh, int repeated, int refused) {
        stored.increment(fresh);
        duplicate.increment(repeated);
        full.increment(refused);
    }

    /** Batches that one statement stores. */
    public void grouped(int batches) {
        groups.record(batches);
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
}
