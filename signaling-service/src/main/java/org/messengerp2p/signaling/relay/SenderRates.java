package org.messengerp2p.signaling.relay;

import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.limit.TokenBucket;
import org.messengerp2p.kit.limit.TokenBuckets;

/**
 * How fast one connection may send, and how much at once to other replicas; used on its event loop alone. A new
 * connection begins with full buckets, which gains nothing: they fill within a second, and a handshake costs more.
 */
public final class SenderRates {

    private static final int MOST_PAIRS = 1024;

    private final TokenBucket relay;
    private final TokenBuckets<Device> relayByAddressee;
    private final TokenBucket taken;
    private final FramesElsewhere elsewhere;

    public SenderRates(SenderLimits limits) {
        long now = System.nanoTime();
        this.relay = new TokenBucket(limits.relay(), now);
        this.relayByAddressee = new TokenBuckets<>(limits.relayByAddressee(), MOST_PAIRS);
        this.taken = new TokenBucket(limits.taken(), now);
        this.elsewhere = new FramesElsewhere(limits.mostFramesElsewhere(), limits.mostBytesElsewhere());
    }

    boolean relayPasses() {
        return relay.take(System.nanoTime()).isEmpty();
    }

    boolean relayPassesTo(Device addressee) {
        return relayByAddressee.take(addressee).isEmpty();
    }

    boolean takenPasses() {
        return taken.take(System.nanoTime()).isEmpty();
    }

    /** What has gone to other replicas and is not answered yet. */
    FramesElsewhere elsewhere() {
        return elsewhere;
    }
}
