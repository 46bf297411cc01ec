package org.messengerp2p.bench.report;

import java.util.List;
import java.util.Optional;

/**
 * What a figure may be at most, as a ratio to another system of the same run.
 *
 * @param system whose figure it is
 * @param to the floor, or the peer in its better form
 */
record Bar(String what, String system, String figure, String to, double most) {

    static final String FLOOR = "floor";
    static final String PEER = "ejabberd";

    private static final List<String> JUDGED = List.of("deliver", "messages");

    static List<Bar> all() {
        return JUDGED.stream()
                .flatMap(system -> List.of(
                        new Bar("store at 1,000/s", system, "rate_us", PEER, 0.25),
                        new Bar("store flat out", system, "full_us", FLOOR, 2.5),
                        new Bar("store flat out", system, "full_us", PEER, 0.15),
                        new Bar("collect and acknowledge", system, "drain_us", FLOOR, 2),
                        new Bar("collect and acknowledge", system, "drain_us", PEER, 0.3))
                        .stream())
                .toList();
    }

    Optional<Double> ratio(Figures figures) {
        return figures.ratio(system, to.equals(PEER) ? figures.better(PEER, figure) : Optional.of(to), figure);
    }

    boolean met(double ratio) {
        return ratio <= most;
    }
}
