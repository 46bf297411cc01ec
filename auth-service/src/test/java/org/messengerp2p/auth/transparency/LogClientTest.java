package org.messengerp2p.auth.transparency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.transparency.LogFault.Kind;

/** What a client that keeps the log finds out about a server that cheats, which holds the key that signs the heads. */
@QuarkusTest
class LogClientTest extends LogTest {
    private static final int MANY = 10_000;
    private static final int BATCH = 500;

    @Test
    void findsTheRootOfEveryHeadOnTheWayToTenThousandLeaves() throws Throwable {
        LogClient client = newClient();
        LogClient.Head first = client.follow();
        LogClient.Head last = first;
        for (int added = 0; added < MANY; added += BATCH) {
            append(anyLeaves(BATCH));
            last = client.follow();
            assertEquals(first.size() + added + BATCH, last.size());
        }

        LogClient.Head ofAnother = newClient().follow();

        assertEquals(last.size(), ofAnother.size());
        assertArrayEquals(last.root(), ofAnother.root());
    }

    @Test
    void detectsARewrittenLog() throws Throwable {
        append(anyLeaves(BATCH));
        try (KeptLog cheated = new KeptLog(database)) {
            LogClient client = newClient();
            client.follow();
            String rewritten = "update key_leaf set leaf = set_byte(leaf, 30, get_byte(leaf, 30) # 1)"
                    + " where leaf_index = (select max(leaf_index) / 2 from key_leaf)";

            // The head is still that of what stood there: a device that comes now sees it.
            cheated.run(rewritten);
            assertFault(Kind.OTHER_ROOT, newClient());

            cheated.rewrite();
            assertFault(Kind.FORKED, client);
            append(anyLeaves(1));
            assertFault(Kind.OTHER_ROOT, client);
            // Whoever comes now has nothing to compare it with but what others have seen.
            newClient().follow();
        }
    }

    @Test
    void detectsAForkedLog() throws Throwable {
        append(anyLeaves(BATCH));
        try (KeptLog cheated = new KeptLog(database)) {
            LogClient ofOneView = newClient();
            ofOneView.follow();
            cheated.rewrite("delete from key_leaf where leaf_index >= (select max(leaf_index) - 100 from key_leaf)");
            append(anyLeaves(101));
            LogClient ofTheOther = newClient();
            ofTheOther.follow();

            assertFault(Kind.FORKED, ofOneView);
            append(anyLeaves(50));
            assertFault(Kind.OTHER_ROOT, ofOneView);
            ofTheOther.follow();
        }
    }

    @Test
    void detectsAShortenedLog() throws Throwable {
        append(anyLeaves(BATCH));
        try (KeptLog cheated = new KeptLog(database)) {
            LogClient client = newClient();
            client.follow();

            cheated.rewrite("delete from key_leaf where leaf_index >= (select max(leaf_index) from key_leaf)");

            assertFault(Kind.SHORTER, client);
        }
    }

    @Test
    void detectsLeavesThatAreKeptBack() throws Throwable {
        append(anyLeaves(BATCH));
        try (KeptLog cheated = new KeptLog(database)) {
            cheated.run("delete from key_leaf where leaf_index >= (select max(leaf_index) - 5 from key_leaf)");

            assertFault(Kind.LEAVES_MISSING, newClient());
        }
    }

    @Test
    void detectsTwoListsOfOneVersion() throws Throwable {
        byte[] other = listLeaf(reader.account().id(), 1, new byte[] {1});
        assertTrue(assertThrows(Exception.class, () -> append(List.of(other)))
                .getMessage()
                .contains("key_leaf_list"));
        try (KeptLog cheated = new KeptLog(database)) {
            cheated.allowTwoListsOfOneVersion();
            append(List.of(other));

            assertFault(Kind.TWO_LISTS, newClient());
        }
    }

    @Test
    void detectsAHeadByAnotherKeyAndAnOlderOne() throws Throwable {
        LogClient client = newClient();
        byte[] older = rest.get(KEYS + "/kt/sth", reader.tokens().auth()).bytes("sth");
        append(anyLeaves(1));
        client.follow();

        assertFault(Kind.SHORTER, client, older);
        assertFault(Kind.SIGNATURE, new LogClient(rest, () -> reader.tokens().auth(), new byte[32]));
        older[1] ^= 1;
        assertFault(Kind.SIGNATURE, client, older);
    }

    /** What is restored in part is told to nobody as if it were the whole: the operator sees it, in the log file. */
    @Test
    void signsNothingThatDoesNotContinueWhatWasSigned() throws Throwable {
        append(anyLeaves(10));
        newClient().follow();
        try (KeptLog restored = new KeptLog(database)) {
            byte[] head = rest.get(KEYS + "/kt/sth", reader.tokens().auth()).bytes("sth");
            restored.run(
                    "update key_log set size = 0, peaks = ''",
                    "update tree_head set signed_at = signed_at - interval '1 day'");

            assertEquals(500, rest.get(KEYS + "/kt/sth", reader.tokens().auth()).status());
            assertTrue(isNewest(head));
        }
    }

    private boolean isNewest(byte[] head) throws SQLException {
        try (var connection = database.getConnection();
                var row = connection.createStatement().executeQuery("select root from tree_head")) {
            row.next();
            return Arrays.equals(row.getBytes(1), Arrays.copyOfRange(head, 17, 49));
        }
    }

    private static void assertFault(Kind expected, LogClient client) {
        assertEquals(expected, assertThrows(LogFault.class, client::follow).kind());
    }

    private static void assertFault(Kind expected, LogClient client, byte[] head) {
        assertEquals(
                expected,
                assertThrows(LogFault.class, () -> client.accept(head)).kind());
    }
}
