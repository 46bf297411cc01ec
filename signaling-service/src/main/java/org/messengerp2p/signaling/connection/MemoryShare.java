package org.messengerp2p.signaling.connection;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/** Memory that all sockets together may hold for one purpose. What is bounded by socket alone grows with their number. */
public final class MemoryShare {

    private final long bytes;
    private final AtomicLong held = new AtomicLong();

    public MemoryShare(long bytes) {
        this.bytes = bytes;
    }

    /**
     * What bounds in bytes are shares of: the heap, or what buffers outside of it may take where that is less, as what the
     * network brings and has not taken yet is there. Where it runs out, each allocation has its event loop wait half a second.
     */
    public static long ofTheProcess() {
        return Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.estimateMaxDirectMemory());
    }

    /** @return false if that much is not left, and nothing is taken */
    public boolean take(long wanted) {
        return take(wanted, bytes);
    }

    /** As {@link #take(long)}, and leaves an eighth for what counts more. */
    boolean takeForOthers(long wanted) {
        return take(wanted, bytes - bytes / 8);
    }

    /** Takes what is little and must have room, over the bound too. */
    void takeAnyway(long wanted) {
        held.addAndGet(wanted);
    }

    public void giveBack(long taken) {
        held.addAndGet(-taken);
    }

    public long held() {
        return held.get();
    }

    private boolean take(long wanted, long bound) {
        if (held.addAndGet(wanted) <= bound) {
            return true;
        }
        held.addAndGet(-wanted);
        return false;
    }
}
