package org.messengerp2p.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A Markdown table under a title; its first row is its head. */
final class Table {

    private final String title;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String title) {
        this.title = title;
    }

    Table row(String... cells) {
        rows.add(new ArrayList<>(Arrays.asList(cells)));
        return this;
    }

    /** Adds to the last row. */
    void more(String... cells) {
        Collections.addAll(rows.get(rows.size() - 1), cells);
    }

    /** Whether it has no row but its head. */
    boolean isEmpty() {
        return rows.size() == 1;
    }

    String markdown() {
        StringBuilder text = new StringBuilder("\n### " + title + "\n\n");
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                text.append("|---".repeat(rows.get(0).size())).append("|\n");
            }
        }
        return text.toString();
    }
}
