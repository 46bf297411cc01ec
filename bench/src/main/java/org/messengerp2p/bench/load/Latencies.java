package org.messengerp2p.bench.load;

import java.util.Arrays;

/** Durations in nanoseconds, all of them kept. */
public final class Latencies {

    private long[] nanos;
    private int count;

    public Latencies(int expected) {
        nanos = new long[Math.max(1, expected)];
    }

    public void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    /** Those of both. */
    public Latencies and(Latencies others) {
        Latencies all = new Latencies(count + others.count);
        System.arraycopy(nanos, 0, all.nanos, 0, count);
        System.arraycopy(others.nanos, 0, all.nanos, count, others.count);
        all.count = count + others.count;
        return all;
    }

    public int count() {
        return count;
    }

    /**
     * The smallest duration that at least this share of all does not exceed.
     *
     * @param percent above 0, at most 100
     * @return milliseconds; NaN where there is none
     */
    public double millis(double percent) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(count * percent / 100);
        return sorted[Math.max(0, rank - 1)] / 1e6;
    }
}
