package org.messengerp2p.auth.transparency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.TestAccount;

@QuarkusTest
class LogBacklogTest extends LogTest {
    @Inject
    LogBacklog backlog;

    @Test
    void takesUpWhatIsOlderThanTheLog() throws Throwable {
        TestAccount account = reader.account();
        byte[] two = account.listAfter(account.firstList(), account.device());
        accounts.putDevices(reader.tokens().auth(), two, null);
        SignedIn younger = accounts.newcomer();
        try (KeptLog without = new KeptLog(database)) {
            without.rewrite("truncate key_leaf");

            backlog.append(null);
            LogClient client = newClient();
            long size = client.follow().size();
            backlog.append(null);

            assertEquals(size, client.follow().size());
            int first = indexOf(client, nameLeaf("localhost", account.username(), account.id(), 1));
            assertEquals(first + 1, indexOf(client, listLeaf(account.id(), 1, account.firstList())));
            assertEquals(first + 2, indexOf(client, listLeaf(account.id(), 2, two)));
            assertEquals(
                    first + 3,
                    indexOf(
                            client,
                            nameLeaf(
                                    "localhost",
                                    younger.account().username(),
                                    younger.account().id(),
                                    1)));
            append(anyLeaves(2));
            assertEquals(size + 2, client.follow().size());
        }
    }

    /** As a replica from before the log leaves it that still ran after the log had begun. */
    @Test
    void takesUpAListThatTheLogLacks() throws Exception {
        TestAccount account = reader.account();
        byte[] two = account.listAfter(account.firstList(), account.device());
        accounts.putDevices(reader.tokens().auth(), two, null);
        long size = newClient().follow().size();
        try (KeptLog without = new KeptLog(database)) {
            without.rewrite("delete from key_leaf where leaf_index = (select max(leaf_index) from key_leaf)");

            backlog.append(null);

            LogClient client = newClient();
            assertEquals(size, client.follow().size());
            assertEquals(1, client.count(listLeaf(account.id(), 2, two)));
        }
    }

    private static int indexOf(LogClient client, byte[] leaf) {
        List<String> all =
                client.leaves().stream().map(HexFormat.of()::formatHex).toList();
        return all.indexOf(HexFormat.of().formatHex(leaf));
    }
}
