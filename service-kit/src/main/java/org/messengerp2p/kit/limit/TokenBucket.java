package org.messengerp2p.kit.limit;

import java.time.Duration;
import java.util.Optional;

/** One bucket; not safe for several threads (see {@link TokenBuckets}). Times are of {@link System#nanoTime()}. */
public final class TokenBucket {

    private final Limit limit;
    private double tokens;
    private long filledAt;

    public TokenBucket(Limit limit, long nowNanos) {
        this.limit = limit;
        this.tokens = limit.burst();
        this.filledAt = nowNanos;
    }

    /** @return empty if a token was there and is taken, else how long to wait for one */
    public Optional<Duration> take(long nowNanos) {
        fill(nowNanos);
        if (tokens >= 1) {
            tokens -= 1;
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos((long) Math.ceil((1 - tokens) / limit.tokensPerNano())));
    }

    /** A full bucket says nothing that a new one would not. */
    boolean isFull(long nowNanos) {
        fill(nowNanos);
        return tokens >= limit.burst();
    }

    private void fill(long nowNanos) {
        tokens = Math.min(limit.burst(), tokens + (nowNanos - filledAt) * limit.tokensPerNano());
        filledAt = nowNanos;
    }
}
