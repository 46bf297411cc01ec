package org.messengerp2p.mailbox.archive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;

/** What goes into archives and out of them, without any id. */
@ApplicationScoped
public class ArchiveMetrics {

    private final Counter segments;
    private final Counter manifests;
    private final Counter dropped;
    private final Counter full;
    private final Counter fetched;
    private final Counter resealed;
    private final Counter unreadable;

    ArchiveMetrics(MeterRegistry registry) {
        this.segments = registry.counter("mp2p.archive.segments");
        this.manifests = registry.counter("mp2p.archive.manifests");
        this.dropped = registry.counter("mp2p.archive.dropped");
        this.full = registry.counter("mp2p.archive.full");
        this.fetched = registry.counter("mp2p.archive.fetched");
        this.resealed = registry.counter("mp2p.archive.resealed");
        this.unreadable = registry.counter("mp2p.archive.unreadable");
    }

    /** @param added false for the repetition of one that was there */
    void segment(boolean added) {
        if (added) {
            segments.increment();
        }
    }

    /** @param drops segments that went with it */
    void manifest(int drops) {
        manifests.increment();
        dropped.increment(drops);
    }

    /** Refused by the quota. */
    void full() {
        full.increment();
    }

    void fetched() {
        fetched.increment();
    }

    void resealed(boolean done) {
        if (done) {
            resealed.increment();
        }
    }

    /** Rows that no key of the keyset opens. */
    void unreadable(int rows) {
        unreadable.increment(rows);
    }
}
