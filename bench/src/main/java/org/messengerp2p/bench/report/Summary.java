package org.messengerp2p.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One figure over all rounds: what is judged is the median, what is shown beside it says how steady it is. */
record Summary(double median, double least, double most, int rounds) {

    static Optional<Summary> of(List<Double> figures) {
        if (figures.isEmpty()) {
            return Optional.empty();
        }
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return Optional.of(new Summary(median, sorted.get(0), sorted.get(sorted.size() - 1), sorted.size()));
    }

    /** {@code median (least–most)}. */
    String text() {
        return rounds == 1 ? number(median) : number(median) + " (" + number(least) + "–" + number(most) + ")";
    }

    /** Three digits that mean something. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
