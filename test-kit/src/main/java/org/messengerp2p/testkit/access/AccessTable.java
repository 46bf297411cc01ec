package org.messengerp2p.testkit.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.openapi.ApiDocument;
import org.messengerp2p.testkit.openapi.ApiDocument.Call;

/**
 * What each caller gets of each call. A cell is the status, and the problem type or what the answer is beside the
 * owner's: {@code own} that of the caller and not the owner's, {@code same} the owner's.
 */
public final class AccessTable {
    private final Map<String, List<String>> rows = new TreeMap<>();

    private AccessTable() {}

    /**
     * @param callers the columns
     * @param cells one line a call, as the document names it, and a cell for each caller, parted by '|'
     */
    public static AccessTable of(int callers, String cells) {
        AccessTable table = new AccessTable();
        for (String line : cells.split("\n")) {
            List<String> row =
                    Arrays.stream(line.split("\\|")).map(String::trim).toList();
            assertEquals(1 + callers, row.size(), line);
            table.rows.put(row.get(0).replaceAll(" +", " "), row.subList(1, row.size()));
        }
        return table;
    }

    /** Fails for a call of the document that has no row here, and for a row that has no call. */
    public void requireEveryCallOf(ApiDocument document) {
        Set<String> calls = document.calls().stream().map(Call::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(calls, rows.keySet());
    }

    public String cell(Call call, int caller) {
        return rows.get(call.name()).get(caller);
    }

    /** An answer as a cell; beside the owner's only where the cell that is expected says so. */
    public static String cellOf(Answer answer, Answer owners, String expected) {
        String plain = plain(answer);
        if (expected.endsWith(" same") || expected.endsWith(" own")) {
            return plain + (sameBytes(answer, owners) ? " same" : " own");
        }
        return plain;
    }

    /** Status and problem type. */
    public static String plain(Answer answer) {
        return (answer.status() + " " + answer.problem()).trim();
    }

    /** Whether whoever gets the one cannot tell it from the other. */
    public static boolean sameBytes(Answer one, Answer other) {
        return one.status() == other.status()
                && one.response().body().equals(other.response().body())
                && one.header("Content-Type").equals(other.header("Content-Type"));
    }
}
