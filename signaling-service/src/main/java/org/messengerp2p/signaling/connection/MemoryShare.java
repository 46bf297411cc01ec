package org.messengerp2p.signaling.connection;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that all sockets together may hold for one purpose, or those from one address, whose part of it is bounded. What
 * is bounded by socket alone grows with their number.
 */
public final class MemoryShare {

    private static final int PARTS = 4;

    /** Whether something had room, and where there was none. */
    enum Room {
        TAKEN,
        PART_FULL,
        WHOLE_FULL
    }

    private final long bytes;

    /** Null unless this is a part. */
    private final MemoryShare whole;

    private final AtomicLong held = new AtomicLong();

    public MemoryShare(long bytes) {
        this(bytes, null);
    }

    /**
     * What bounds in bytes are shares of: the heap, or what buffers outside of it may take where that is less, as what the
     * network brings and has not taken yet is there. Where it runs out, each allocation has its event loop wait half a second.
     */
    public static long ofTheProcess() {
        long direct = PlatformDependent.estimateMaxDirectMemory();
        // Netty's own bound, where it has one (io.netty.maxDirectMemory).
        long ofNetty = PlatformDependent.maxDirectMemory();
        return Math.min(Runtime.getRuntime().maxMemory(), ofNetty > 0 ? Math.min(direct, ofNetty) : direct);
    }

    private MemoryShare(long bytes, MemoryShare whole) {
        this.bytes = bytes;
        this.whole = whole;
    }

    /** A quarter of this, from which is taken what is taken from the part; or so much, where that is more. */
    public MemoryShare part(long atLeast) {
        return new MemoryShare(Math.max(atLeast, bytes / PARTS), this);
    }

    /** @return false if that much is not left, and nothing is taken */
    public boolean take(long wanted) {
        return take(wanted, bytes) && (whole == null || whole.take(wanted) || undo(wanted));
    }

    /** As {@link #take(long)}, and leaves an eighth for what counts more. */
    Room takeForOthers(long wanted) {
        if (!take(wanted, bytes - bytes / 8)) {
            return whole == null || whole.isFullForOthers(wanted) ? Room.WHOLE_FULL : Room.PART_FULL;
        }
        Room above = whole == null ? Room.TAKEN : whole.takeForOthers(wanted);
        if (above != Room.TAKEN) {
            undo(wanted);
        }
        return above;
    }

    private boolean isFullForOthers(long wanted) {
        return held.get() + wanted > bytes - bytes / 8;
    }

    /** Takes what is little and must have room, over the bound too. */
    void takeAnyway(long wanted) {
        held.addAndGet(wanted);
        if (whole != null) {
            whole.takeAnyway(wanted);
        }
    }

    public void giveBack(long taken) {
        held.addAndGet(-taken);
        if (whole != null) {
            whole.giveBack(taken);
        }
    }

    public long held() {
        return held.get();
    }

    /** Whether more than half of it, or of the whole, is taken. */
    boolean isTight() {
        return held.get() > bytes / 2 || whole != null && whole.isTight();
    }

    private boolean undo(long taken) {
        held.addAndGet(-taken);
        return false;
    }

    private boolean take(long wanted, long bound) {
        return held.addAndGet(wanted) <= bound || undo(wanted);
    }
}
