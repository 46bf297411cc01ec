package org.messengerp2p.mailbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.Eventually;

/** PostgreSQL killed under the running service, and started again. */
@QuarkusTest
@Tag("one-node")
class DatabaseRestartTest extends MailboxTest {

    private static final int ROUNDS = 3;

    @ConfigProperty(name = "quarkus.datasource.mailbox.jdbc.url")
    String url;

    private Postmaster postmaster;

    @BeforeEach
    void find() {
        assumeFalse(Boolean.getBoolean("test.containers"), "the database is a process of this machine");
        postmaster = Postmaster.of(url);
    }

    @AfterEach
    void startAgain() throws Exception {
        if (!postmaster.answers()) {
            postmaster.start();
        }
    }

    @Test
    void everyCallRecoversWithoutARestart() throws Exception {
        Device bob = newListedDevice();
        byte[] envelope = random(100);
        send(bob, envelope).is(200);

        for (int round = 0; round < ROUNDS; round++) {
            postmaster.kill();
            assertUnavailable(send(bob, random(100)));
            assertUnavailable(api.collect(bob));
            assertUnavailable(api.ack(bob, List.of()));
            assertUnavailable(api.deliver(bob.account(), random(16), 1, Addressed.to(bob, random(100))));
            assertUnavailable(api.putDeliveryToken(bob, random(16)));
            postmaster.start();

            Answer page = api.collect(bob);
            assertEquals(1, page.envelopes().size(), "nothing of what was refused");
            assertArrayEquals(envelope, page.envelopes().get(0));
            api.ack(bob, page.ids()).is(204);
            assertEquals(List.of("stored"), send(bob, envelope).states());
        }
        Eventually.isTrue("no connection is leaked", () -> connections() <= 16 + 2 + 1);
    }

    /** What was answered "stored" is there; what was not may be, since the answer can be lost behind the commit. */
    @Test
    void whatWasAcknowledgedUnderAKillIsThereAndNothingByHalves() throws Exception {
        List<Device> bobs =
                IntStream.range(0, 8).mapToObj(i -> newListedDevice()).toList();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Set<Device> begun = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Senders>> senders = bobs.stream()
                .map(bob -> meanwhile(() -> sendUntil(over, bob, begun)))
                .toList();
        try {
            Eventually.isTrue(
                    "the load is on", () -> nobodyFailed(senders) && begun.containsAll(bobs) && stored() >= 50);
            postmaster.kill();
            postmaster.start();
            long before = stored();
            Eventually.isTrue("the load goes on", () -> nobodyFailed(senders) && stored() >= before + 50);
        } finally {
            over.complete(null);
        }

        for (int i = 0; i < bobs.size(); i++) {
            Senders sent = senders.get(i).get(60, TimeUnit.SECONDS);
            List<byte[]> waiting = drain(bobs.get(i));
            assertTrue(sent.acknowledged.size() > 0);
            assertTrue(waiting.size() % 2 == 0, "each request brought two envelopes or none");
            assertTrue(contains(waiting, sent.acknowledged), "all that was acknowledged");
            assertTrue(contains(sent.offered, waiting), "nothing else");
        }
    }

    private record Senders(List<byte[]> offered, List<byte[]> acknowledged) {}

    /** @throws java.util.concurrent.CompletionException what one of them met that it must not */
    private static boolean nobodyFailed(List<CompletableFuture<Senders>> senders) {
        senders.forEach(sender -> sender.getNow(null));
        return true;
    }

    /** Also while the database is away: as fast as it is refused. */
    private Senders sendUntil(CompletableFuture<Void> over, Device bob, Set<Device> begun) {
        Senders senders = new Senders(new ArrayList<>(), new ArrayList<>());
        while (!over.isDone()) {
            byte[] first = random(300);
            byte[] second = random(300);
            senders.offered.addAll(List.of(first, second));
            Answer answer = api.messages(bob, bob.account(), 1, Addressed.to(bob, first), Addressed.to(bob, second));
            if (answer.status() == 200) {
                senders.acknowledged.addAll(List.of(first, second));
                begun.add(bob);
            } else {
                assertUnavailable(answer);
            }
        }
        return senders;
    }

    private List<byte[]> drain(Device bob) {
        List<byte[]> all = new ArrayList<>();
        Answer page;
        do {
            page = api.collect(bob);
            all.addAll(page.envelopes());
            api.ack(bob, page.ids()).is(204);
        } while (!page.drained());
        return all;
    }

    private static boolean contains(List<byte[]> all, List<byte[]> some) {
        List<String> texts = all.stream().map(MailboxApi::base64url).toList();
        return new java.util.HashSet<>(texts)
                .containsAll(some.stream().map(MailboxApi::base64url).toList());
    }

    private long stored() {
        return number("select count(*)::text from envelope");
    }

    private long connections() {
        return number("select count(*)::text from pg_stat_activity where datname = 'mailbox'");
    }

    private Answer send(Device to, byte[] envelope) {
        return api.messages(to, to.account(), 1, Addressed.to(to, envelope));
    }

    private static void assertUnavailable(Answer answer) {
        answer.isProblem(503, "unavailable");
        assertFalse(answer.headers().firstValue("Retry-After").isEmpty());
    }
}
