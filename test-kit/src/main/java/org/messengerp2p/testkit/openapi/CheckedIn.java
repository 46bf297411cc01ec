package org.messengerp2p.testkit.openapi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compares the document that the build has made with the one that is checked in, and writes it where that is asked. */
public final class CheckedIn {
    /** Set to true, the checked-in document becomes the one that was made. */
    public static final String UPDATE = "openapi.update";

    private CheckedIn() {}

    /** @throws AssertionError with the lines that differ, and the command that takes them over */
    public static void requireSame(Path checkedIn, Path made, String command) throws IOException {
        List<String> now = Files.readAllLines(made);
        List<String> missing = ApiDocument.read(String.join("\n", now)).missing();
        if (!missing.isEmpty()) {
            throw new AssertionError(made + " refers to what it does not have: " + missing);
        }
        if (Boolean.getBoolean(UPDATE)) {
            Files.write(checkedIn, now);
            return;
        }
        List<String> then = Files.exists(checkedIn) ? Files.readAllLines(checkedIn) : List.of();
        if (!now.equals(then)) {
            throw new AssertionError(checkedIn + " is not what the code has:\n"
                    + String.join("\n", differences(then, now)) + "\nIf that is meant, take it over by\n  " + command);
        }
    }

    /** Lines that came (+) and went (-), each run of them after the lines before it. */
    static List<String> differences(List<String> then, List<String> now) {
        int[][] common = commonLengths(then, now);
        List<String> lines = new ArrayList<>();
        int before = 0;
        int after = 0;
        boolean same = true;
        while (before < then.size() || after < now.size()) {
            if (before < then.size() && after < now.size() && then.get(before).equals(now.get(after))) {
                before++;
                after++;
                same = true;
                continue;
            }
            if (same) {
                lines.add("@@ line " + (before + 1));
                then.subList(Math.max(0, before - 3), before).forEach(line -> lines.add("  " + line));
            }
            same = false;
            if (after == now.size() || before < then.size() && common[before + 1][after] >= common[before][after + 1]) {
                lines.add("- " + then.get(before++));
            } else {
                lines.add("+ " + now.get(after++));
            }
        }
        return lines;
    }

    /** How many lines the rests from each pair of places have in common, in order. */
    private static int[][] commonLengths(List<String> then, List<String> now) {
        int[][] common = new int[then.size() + 1][now.size() + 1];
        for (int before = then.size() - 1; before >= 0; before--) {
            for (int after = now.size() - 1; after >= 0; after--) {
                common[before][after] = then.get(before).equals(now.get(after))
                        ? common[before + 1][after + 1] + 1
                        : Math.max(common[before + 1][after], common[before][after + 1]);
            }
        }
        return common;
    }
}
