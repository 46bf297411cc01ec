package org.messengerp2p.auth.transparency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.ShiftedClock;
import org.messengerp2p.testkit.AccountClient.SignedIn;

@QuarkusTest
class TreeHeadsTest extends LogTest {
    @Inject
    TreeHeads heads;

    @Inject
    StoredTreeHeads stored;

    @Inject
    ShiftedClock clock;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void signsAnewAfterTenMinutesOrForALargerLogAlone() throws Throwable {
        LogClient client = newClient();
        LogClient.Head head = client.follow();
        advance(Duration.ofMinutes(9));
        assertEquals(head.ms(), client.follow().ms());

        advance(Duration.ofMinutes(1));
        LogClient.Head renewed = client.follow();
        assertEquals(head.size(), renewed.size());
        assertTrue(renewed.ms() >= head.ms() + Duration.ofMinutes(10).toMillis());

        append(anyLeaves(1));
        assertEquals(head.size() + 1, client.follow().size());
    }

    /** As where a replica's clock is behind that of the one that signed last, or the clock stood ahead. */
    @Test
    void signsNoHeadWithATimeBeforeTheLastOne() throws Throwable {
        // Heads from the future are not left to other tests.
        try (KeptLog kept = new KeptLog(database)) {
            kept.run("delete from tree_head");
            LogClient client = newClient();
            advance(Duration.ofHours(5));
            append(anyLeaves(1));
            long ahead = client.follow().ms();
            advance(Duration.ofHours(-5));

            long renewed = client.follow().ms();
            append(anyLeaves(1));
            long larger = client.follow().ms();

            assertTrue(renewed > ahead, "a head from the future is not kept until then");
            assertTrue(larger > renewed);
            assertEquals(larger, client.follow().ms());
        }
    }

    /** What a replica has signed that looked at the log before another one did. */
    @Test
    void publishesNoHeadThatContradictsTheNewest() throws Throwable {
        TreeHead newest = VertxContextSupport.subscribeAndAwait(heads::current);
        byte[] otherRoot = new byte[32];
        List<TreeHead> contradictions = List.of(
                new TreeHead(newest.size() - 1, newest.ms() + 1, otherRoot, newest.signature()),
                new TreeHead(newest.size(), newest.ms() + 1, otherRoot, newest.signature()),
                new TreeHead(newest.size() + 1, newest.ms() - 1, otherRoot, newest.signature()),
                new TreeHead(newest.size() + 1, newest.ms(), otherRoot, newest.signature()));

        for (TreeHead late : contradictions) {
            assertFalse(VertxContextSupport.subscribeAndAwait(() -> stored.publish(late, Instant.now())));
        }

        assertArrayEquals(
                newest.encoded(),
                VertxContextSupport.subscribeAndAwait(heads::current).encoded());
    }

    /** By longer than a token lives. */
    private void advance(Duration by) {
        clock.advance(by);
        reader = new SignedIn(reader.account(), accounts.tokens(reader.account().device()));
    }
}
