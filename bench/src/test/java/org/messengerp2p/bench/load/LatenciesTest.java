package org.messengerp2p.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatenciesTest {

    private static final long MILLI = 1_000_000;

    @Test
    void thoseOfTwoTurnsAreRankedTogether() {
        Latencies first = of(1, 2, 3);
        Latencies second = of(40, 4);

        Latencies both = first.and(second);

        assertEquals(5, both.count());
        assertEquals(3, both.millis(60));
        assertEquals(40, both.millis(99));
        both.add(50 * MILLI);
        assertEquals(50, both.millis(100));
        assertEquals(3, first.millis(100));
    }

    private static Latencies of(int... millis) {
        Latencies latencies = new Latencies(1);
        for (int each : millis) {
            latencies.add(each * MILLI);
        }
        return latencies;
    }
}
