package org.messengerp2p.kit.limit;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rate as data: a bucket of {@code burst} tokens that fills up by {@code tokens} in each {@code period}.
 */
public record Limit(int burst, int tokens, Duration period) {

    private static final Pattern SETTING =
            Pattern.compile("(?<tokens>[0-9]{1,9})/(?<period>P[A-Z0-9.]+)(/(?<burst>[0-9]{1,9}))?");

    public Limit {
        if (burst < 1 || tokens < 1 || period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("a limit lets at least one pass in a period longer than zero");
        }
        // Overflows for what takes longer than 292 years.
        Math.multiplyExact(nanosPerToken(tokens, period), burst);
    }

    public static Limit perMinute(int tokens, int burst) {
        return new Limit(burst, tokens, Duration.ofMinutes(1));
    }

    public static Limit perSecond(int tokens, int burst) {
        return new Limit(burst, tokens, Duration.ofSeconds(1));
    }

    public static Limit per(Duration period, int tokens) {
        return new Limit(tokens, tokens, period);
    }

    /**
     * Reads a limit as a setting has it: {@code 10/PT15M} lets ten pass in each quarter of an hour, and
     * {@code 10/PT15M/40} as many, but up to 40 at once.
     */
    public static Limit parse(CharSequence setting) {
        Matcher parts = SETTING.matcher(setting);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a limit is <tokens>/<ISO 8601 period> or <tokens>/<period>/<burst>");
        }
        int tokens = Integer.parseInt(parts.group("tokens"));
        String burst = parts.group("burst");
        return new Limit(
                burst == null ? tokens : Integer.parseInt(burst), tokens, Duration.parse(parts.group("period")));
    }

    /** Time in which one token comes back, in nanoseconds, rounded up. */
    public long nanosPerToken() {
        return nanosPerToken(tokens, period);
    }

    /** Time in which an empty bucket is full again, in nanoseconds. */
    public long nanosToFill() {
        return nanosPerToken() * burst;
    }

    private static long nanosPerToken(int tokens, Duration period) {
        return (period.toNanos() + tokens - 1) / tokens;
    }
}
