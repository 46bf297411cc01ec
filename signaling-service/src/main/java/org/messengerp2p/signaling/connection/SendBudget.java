package org.messengerp2p.signaling.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that the unsent frames of one socket hold. A frame is counted from the moment it is accepted until the
 * network has taken it. The last eighth is kept for what the server itself has to say, so that a peer flooded by
 * others can still be told.
 */
final class SendBudget {

    /** What a queued frame holds beside its bytes (promise, buffers, queue entry), rounded up. */
    static final int FRAME_OVERHEAD = 512;

    private final long whole;
    private final long forOthers;
    private final AtomicLong held = new AtomicLong();

    SendBudget(long bytes) {
        this.whole = bytes;
        this.forOthers = bytes - bytes / 8;
    }

    /** Takes room for a frame that another device sends. */
    boolean takeForOthers(int length) {
        return take(length, forOthers);
    }

    /** Takes room for a frame of the server's own. */
    boolean takeForServer(int length) {
        return take(length, whole);
    }

    /** The frame has left or was given up. */
    void giveBack(int length) {
        held.addAndGet(-cost(length));
    }

    boolean isHalfEmpty() {
        return held.get() <= forOthers / 2;
    }

    private boolean take(int length, long bound) {
        long cost = cost(length);
        if (held.addAndGet(cost) <= bound) {
            return true;
        }
        held.addAndGet(-cost);
        return false;
    }

    private static long cost(int length) {
        return (long) length + FRAME_OVERHEAD;
    }
}
