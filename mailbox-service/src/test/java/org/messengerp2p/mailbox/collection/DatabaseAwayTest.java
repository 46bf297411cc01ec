package org.messengerp2p.mailbox.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxTest;

@QuarkusTest
class DatabaseAwayTest extends MailboxTest {

    @AfterEach
    void mend() {
        database("mend");
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

    private static void assertUnavailable(Answer answer) {
        answer.isProblem(503, "unavailable");
        assertEquals("2", answer.headers().firstValue("Retry-After").orElse(""));
    }
}
