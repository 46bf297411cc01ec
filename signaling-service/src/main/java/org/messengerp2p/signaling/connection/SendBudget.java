package org.messengerp2p.signaling.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that the unsent frames of one socket hold. A frame is counted from the moment it is accepted until the
 * network has taken it. The last eighth is kept for what the server itself has to say, so that a peer flooded by
 * others can still be told. It also counts in what all sockets hold together; but a socket that holds next to nothing
 * can be told something however much that is, for it is not the one that fills it.
 */
final class SendBudget {

    /** What a queued frame holds beside its bytes (promise, buffers, queue entry), rounded up. */
    static final int FRAME_OVERHEAD = 512;

    /** What each socket may hold of the server's own frames whatever all sockets hold. */
    static final int SPARED = 8 * 1024;

    /** As many sockets as there may be, and this of each, are a third of the memory of all as shipped. */
    static final int NEXT_TO_NOTHING = 2 * 1024;

    /** Whether a frame has room. */
    enum Room {
        TAKEN,
        /** This socket holds what it may. */
        QUEUE_FULL,
        /** The sockets from its address hold together what they may. */
        ADDRESS_FULL,
        /**
         * All sockets together hold what they may; for a frame of the server's own, those from its address count as
         * well.
         */
        MEMORY_FULL
    }

    private final long whole;
    private final long forOthers;
    private final MemoryShare all;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong left = new AtomicLong();

    SendBudget(long bytes, MemoryShare all) {
        this.whole = bytes;
        this.forOthers = bytes - bytes / 8;
        this.all = all;
    }

    /** The smallest budget in which a frame of another device has room that is so long. */
    static long leastFor(int length) {
        return cost(length) + cost(length) / 7 + 1;
    }

    /** Takes room for a frame that another device sends. */
    Room takeForOthers(int length) {
        long cost = cost(length);
        if (!take(cost, forOthers)) {
            return Room.QUEUE_FULL;
        }
        return switch (all.takeForOthers(cost)) {
            case TAKEN -> Room.TAKEN;
            case PART_FULL -> undo(cost, Room.ADDRESS_FULL);
            case WHOLE_FULL -> undo(cost, Room.MEMORY_FULL);
        };
    }

    /** Takes room for a frame of the server's own. */
    Room takeForServer(int length) {
        long cost = cost(length);
        if (!take(cost, whole)) {
            return Room.QUEUE_FULL;
        }
        return all.take(cost) || isSpared(cost) ? Room.TAKEN : undo(cost, Room.MEMORY_FULL);
    }

    /**
     * As {@link #takeForServer}, for what the server says because of a frame of the peer itself: no number of these
     * takes the last of the memory of all.
     */
    Room takeForAnswer(int length) {
        long cost = cost(length);
        if (!take(cost, whole)) {
            return Room.QUEUE_FULL;
        }
        return all.takeForOthers(cost) == MemoryShare.Room.TAKEN || isSpared(cost)
                ? Room.TAKEN
                : undo(cost, Room.MEMORY_FULL);
    }

    /** The frame has left or was given up. */
    void giveBack(int length) {
        held.addAndGet(-cost(length));
        left.addAndGet(cost(length));
        all.giveBack(cost(length));
    }

    long held() {
        return held.get();
    }

    /** What was given back so far. */
    long left() {
        return left.get();
    }

    /** What a socket may hold and still count as one that reads: frames of a moment. */
    long little() {
        return whole / 16;
    }

    /** Whether it takes part in filling what is filling up, since as many sockets as there may be can fill it with little. */
    boolean isInTheWay() {
        return held.get() > NEXT_TO_NOTHING && all.isTight();
    }

    private boolean isSpared(long cost) {
        if (held.get() > SPARED) {
            return false;
        }
        all.takeAnyway(cost);
        return true;
    }

    private Room undo(long cost, Room refusal) {
        held.addAndGet(-cost);
        return refusal;
    }

    private boolean take(long cost, long bound) {
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
