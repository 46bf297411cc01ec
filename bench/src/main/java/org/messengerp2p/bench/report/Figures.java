package org.messengerp2p.bench.report;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All raw results, by system and figure. */
record Figures(List<JsonObject> lines) {

    /** In the order in which they were measured first. */
    Set<String> systems() {
        Set<String> systems = new LinkedHashSet<>();
        lines.forEach(line -> systems.add(line.getString("system")));
        return systems;
    }

    /** What was tried and gave no figures, in words. */
    List<String> failures() {
        return lines.stream()
                .filter(line -> line.containsKey(Results.FAILED))
                .map(line -> line.getString("system") + " failed in round " + line.getInteger("round") + ": "
                        + line.getString(Results.FAILED))
                .toList();
    }

    boolean has(String system, String figure) {
        return of(system, figure).isPresent();
    }

    Optional<Summary> of(String system, String figure) {
        return Summary.of(lines.stream()
                .filter(line -> line.getString("system").equals(system) && line.containsKey(figure))
                .map(line -> line.getDouble(figure))
                .toList());
    }

    /** The median of a ratio between medians; empty where one of them was not measured. */
    Optional<Double> ratio(String system, Optional<String> to, String figure) {
        Optional<Summary> above = of(system, figure);
        Optional<Summary> below = to.flatMap(other -> of(other, figure));
        return above.isPresent() && below.isPresent()
                ? Optional.of(above.get().median() / below.get().median())
                : Optional.empty();
    }

    /** Whichever form of the peer does better in this figure. */
    Optional<String> better(String peer, String figure) {
        return systems().stream()
                .filter(system -> system.startsWith(peer) && has(system, figure))
                .min((one, other) -> Double.compare(
                        of(one, figure).orElseThrow().median(),
                        of(other, figure).orElseThrow().median()));
    }
}
