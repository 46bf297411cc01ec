package org.messengerp2p.kit.limit;

import java.time.Duration;

/**
 * A rate as data: a bucket of {@code burst} tokens that fills up by {@code tokens} in each {@code period}.
 */
public record Limit(int burst, int tokens, Duration period) {

    public Limit {
        if (burst < 1 || tokens < 1 || period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("a limit lets at least one pass in a period longer than zero");
        }
    }

    public static Limit perMinute(int tokens, int burst) {
        return new Limit(burst, tokens, Duration.ofMinutes(1));
    }

    public static Limit perSecond(int tokens, int burst) {
        return new Limit(burst, tokens, Duration.ofSeconds(1));
    }

    double tokensPerNano() {
        return (double) tokens / period.toNanos();
    }

    /** Time in which an empty bucket is full again. */
    Duration fillTime() {
        return Duration.ofNanos((long) Math.ceil(burst / tokensPerNano()));
    }
}
