package org.messengerp2p.kit.limit;

import java.time.Duration;
import java.util.Optional;

/**
 * One bucket, whose whole state is the moment at which it is full again (the virtual scheduling of GCRA, ITU-T I.371);
 * not safe for several threads (see {@link TokenBuckets}). Times are of {@link System#nanoTime()}.
 */
public final class TokenBucket {

    private final Limit limit;
    private long fullAt;

    public TokenBucket(Limit limit, long nowNanos) {
        this.limit = limit;
        this.fullAt = nowNanos;
    }

    /** @return empty if a token was there and is taken, else how long to wait for one */
    public Optional<Duration> take(long nowNanos) {
        long toFill = Math.max(0, fullAt - nowNanos) + limit.nanosPerToken();
        if (toFill > limit.nanosToFill()) {
            return Optional.of(Duration.ofNanos(toFill - limit.nanosToFill()));
        }
        fullAt = nowNanos + toFill;
        return Optional.empty();
    }

    /** Takes as many of these tokens as are there: for a call that turned out to cost more than its one. */
    void spend(int tokens, long nowNanos) {
        long missing = Math.max(0, fullAt - nowNanos);
        long cost = limit.nanosPerToken() * Math.min(tokens, limit.burst());
        fullAt = nowNanos + missing + Math.min(cost, limit.nanosToFill() - missing);
    }

    /** A full bucket says nothing that a new one would not. */
    boolean isFull(long nowNanos) {
        return fullAt - nowNanos <= 0;
    }
}
