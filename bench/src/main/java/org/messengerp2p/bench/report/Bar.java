package org.messengerp2p.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a figure may be at most, as a ratio to another of the same run.
 *
 * @param than what it is compared with
 * @param found the ratio; empty where one of the two was not measured
 */
record Bar(String what, String than, double most, Function<Figures, Optional<Double>> found) {

    static final String FLOOR = "floor";
    static final String PEER = "ejabberd";

    private static final List<String> JUDGED = List.of("deliver", "messages");

    /** What is flat out is compared where as much is under way as at the floor and the peer. */
    private static final List<String> JUDGED_FLAT_OUT = List.of("deliver, 320 under way", "messages");

    static List<Bar> all() {
        List<Bar> bars = new ArrayList<>();
        for (String system : JUDGED) {
            bars.add(toPeer("store at 1,000/s", system, "rate_us", 0.25));
            bars.add(toFloor("collect and acknowledge", system, "drain_us", 2));
            bars.add(toPeer("collect and acknowledge", system, "drain_us", 0.3));
        }
        for (String system : JUDGED_FLAT_OUT) {
            bars.add(toFloor("store flat out", system, "full_us", 2.5));
            bars.add(toPeer("store flat out", system, "full_us", 0.15));
        }
        bars.add(new Bar(
                "one store alone, p50",
                "plain INSERT",
                1.5,
                figures -> median(figures, "single store", "single_ratio")));
        bars.add(new Bar(
                "a page beside a slow reader, p99",
                "without it",
                2,
                figures -> median(figures, "slow reader", "slow_ratio")));
        return bars;
    }

    boolean met(double ratio) {
        return ratio <= most;
    }

    private static Bar toFloor(String what, String system, String figure, double most) {
        return new Bar(what + ", " + system, FLOOR, most, figures -> figures.ratio(system, Optional.of(FLOOR), figure));
    }

    /** The peer in its better form. */
    private static Bar toPeer(String what, String system, String figure, double most) {
        return new Bar(
                what + ", " + system,
                PEER,
                most,
                figures -> figures.ratio(system, figures.better(PEER, figure), figure));
    }

    private static Optional<Double> median(Figures figures, String system, String figure) {
        return figures.of(system, figure).map(Summary::median);
    }
}
