package org.messengerp2p.mailbox.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.Eventually;
import org.messengerp2p.mailbox.MailboxTest;

@QuarkusTest
class DatabaseAwayTest extends MailboxTest {

    private final ExecutorService calls = Executors.newCachedThreadPool();

    @AfterEach
    void mend() {
        database("mend");
        calls.shutdown();
    }

    @Test
    void answersUnavailableWhileTheDatabaseIsAwayAndGoesOnByItself() {
        Device bob = newListedDevice();
        byte[] before = random(100);
        api.messages(bob, bob.account(), 1, Addressed.to(bob, before)).is(200);

        database("cut");
        assertUnavailable(api.messages(bob, bob.account(), 1, Addressed.to(bob, random(100))));
        assertUnavailable(api.collect(bob));
        assertUnavailable(api.ack(bob, List.of()));
        assertUnavailable(api.deliver(bob.account(), random(16), 1, Addressed.to(bob, random(100))));

        database("mend");
        assertEquals(1, api.collect(bob).envelopes().size());
    }

    @Test
    void answersUnavailableWhenTheDatabaseFallsSilent() {
        Device bob = newListedDevice();
        api.collect(bob).is(200);

        database("silence");
        long start = System.nanoTime();
        assertUnavailable(api.collect(bob));
        long seconds = (System.nanoTime() - start) / 1_000_000_000;

        assertTrue(seconds < 10, () -> "answered after " + seconds + " s");
        database("mend");
        api.collect(bob).is(200);
    }

    @Test
    void aRequestThatMetTheCutCanBeRepeated() {
        Device bob = newListedDevice();
        byte[] envelope = random(100);

        database("silence");
        assertUnavailable(api.messages(bob, bob.account(), 1, Addressed.to(bob, envelope)));
        database("cut");
        database("mend");

        assertEquals(
                List.of("stored"),
                api.messages(bob, bob.account(), 1, Addressed.to(bob, envelope)).states());
        assertEquals(1, api.collect(bob).envelopes().size());
    }

    @Test
    void connectionsWhoseOtherSideHasGoneAreGivenUp() throws Exception {
        Device bob = newListedDevice();
        collectAtOnce(bob, 100);

        database("strand");
        collectAtOnce(bob, 16).forEach(DatabaseAwayTest::assertUnavailable);

        assertUnavailable(api.collect(bob));
        Eventually.isTrue(
                "ten calls in a row reach new connections",
                () -> IntStream.range(0, 10).allMatch(i -> api.collect(bob).status() == 200));
    }

    /** So many that every connection of the pool has one. */
    private List<Answer> collectAtOnce(Device bob, int times) {
        return IntStream.range(0, times)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> api.collect(bob), calls))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static void assertUnavailable(Answer answer) {
        answer.isProblem(503, "unavailable");
        assertEquals("2", answer.headers().firstValue("Retry-After").orElse(""));
    }
}
