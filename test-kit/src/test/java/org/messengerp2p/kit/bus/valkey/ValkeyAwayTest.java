package org.messengerp2p.kit.bus.valkey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.HeardEvents;
import org.messengerp2p.kit.bus.Topic;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.testkit.ValkeyServer;

/** The bus while its server is not there, does not answer, or says what no process of ours would say. */
class ValkeyAwayTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Map<String, String> QUICK = Map.of(
            "mp2p.bus.stall", "PT2S",
            "mp2p.bus.first-retry", "PT0.05S",
            "mp2p.bus.longest-retry", "PT0.2S");

    private final Device device = new Device(new AccountId(UUID.randomUUID()), new DeviceId(7));
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void connectsOnceItIsThereAndSubscribesToAllThatWasAskedForMeanwhile() {
        ValkeyServer server = server();
        BusOfReplica here = replica(server, QUICK);
        BusOfReplica there = replica(server, QUICK);
        HeardEvents heard = HeardEvents.on(there.bus(), Topic.of(device));
        here.bus().publish(new BusEvent.Mail(device));
        assertFalse(delivers(here, new BusEvent.Mail(device)));
        assertEquals(0, here.up());

        server.start();

        heard.awaitBegun();
        awaitConnected(here);
        here.bus().publish(new BusEvent.Revoked(device));
        assertEquals(new BusEvent.Revoked(device), heard.next());
        assertEquals(1, here.up());
        assertEquals(2, here.count("mp2p.bus.dropped"));
    }

    @Test
    void comesBackByItselfAfterItWasKilledAndSaysThatItBeginsAgain() {
        ValkeyServer server = server();
        server.start();
        BusOfReplica here = replica(server, QUICK);
        BusOfReplica there = replica(server, QUICK);
        HeardEvents heard = HeardEvents.of(there.bus(), device);
        awaitConnected(here);

        for (int times = 0; times < 3; times++) {
            server.kill();
            assertFalse(delivers(here, new BusEvent.Mail(device)));
            server.start();

            heard.awaitBegun();
            awaitConnected(here);
            here.bus().publish(new BusEvent.Revoked(device));
            assertEquals(new BusEvent.Revoked(device), heard.next());
        }
    }

    /** A frame waits for a second, and the connection is given up long after. */
    @Test
    @Timeout(60)
    void aServerThatDoesNotAnswerIsGivenUpAndTakenBack() throws InterruptedException {
        ValkeyServer server = server();
        server.start();
        Map<String, String> patient = new HashMap<>(QUICK);
        patient.put("mp2p.bus.stall", "PT6S");
        BusOfReplica here = replica(server, patient);
        HeardEvents heard = HeardEvents.of(here.bus(), device);

        server.freeze();
        long began = System.nanoTime();
        assertFalse(delivers(here, new BusEvent.Mail(device)));
        long answered = System.nanoTime() - began;
        assertTrue(answered < 4_000_000_000L, "answered after " + answered + " ns");
        while (here.up() == 1) {
            Thread.sleep(20);
        }
        server.thaw();

        heard.awaitBegun();
        assertTrue(delivers(here, new BusEvent.Mail(device)));
    }

    @Test
    @Timeout(60)
    void holdsNoMoreThanItsBoundsWhileNothingIsAnswered() throws InterruptedException {
        ValkeyServer server = server();
        server.start();
        BusOfReplica here = replica(
                server,
                Map.of("mp2p.bus.outstanding", "50", "mp2p.bus.outstanding-bytes", "1M", "mp2p.bus.stall", "PT60S"));
        HeardEvents.of(here.bus(), device);
        BusEvent.Frame small = new BusEvent.Frame(device, Buffer.buffer(new byte[10]));
        BusEvent.Frame large = new BusEvent.Frame(device, Buffer.buffer(new byte[300 * 1024]));

        server.freeze();
        int largeRefused = refusedAtOnce(here, large, 10);
        int smallRefused = refusedAtOnce(here, small, 100);
        server.thaw();

        assertEquals(7, largeRefused);
        assertEquals(100 - (50 - 3), smallRefused);
        while (!delivers(here, small)) {
            Thread.sleep(20);
        }
    }

    @Test
    void ignoresAndCountsWhatIsNoEvent() {
        ValkeyServer server = server();
        server.start();
        BusOfReplica there = replica(server, QUICK);
        HeardEvents heard = HeardEvents.of(there.bus(), device);
        String channel = EventPayload.channel(Topic.of(device));

        for (String payload : List.of("", "x", "t", "p", "xm", "\u0000\u0000")) {
            there.link()
                    .send(Request.cmd(Command.PUBLISH).arg(channel).arg(payload), 0)
                    .await()
                    .atMost(PATIENCE);
        }
        there.bus().publish(new BusEvent.Mail(device));

        assertEquals(new BusEvent.Mail(device), heard.next());
        assertEquals(6, there.count("mp2p.bus.malformed"));
    }

    /** As an older version tells, and as a later one may. */
    @Test
    void hearsAHintThatSaysLessOrMore() {
        ValkeyServer server = server();
        server.start();
        BusOfReplica there = replica(server, QUICK);
        HeardEvents heard = HeardEvents.of(there.bus(), device);
        String channel = EventPayload.channel(Topic.of(device));
        Buffer timed = Buffer.buffer("m").appendLong(1_790_000_000_000_000L);

        for (Buffer payload :
                List.of(Buffer.buffer("m"), timed, timed.copy().appendString("more"), Buffer.buffer("rmore"))) {
            there.link()
                    .send(Request.cmd(Command.PUBLISH).arg(channel).arg(payload), 0)
                    .await()
                    .atMost(PATIENCE);
        }

        BusEvent.Mail atThatTime = new BusEvent.Mail(device, Optional.of(Instant.ofEpochSecond(1_790_000_000)));
        assertEquals(new BusEvent.Mail(device), heard.next());
        assertEquals(atThatTime, heard.next());
        assertEquals(atThatTime, heard.next());
        assertEquals(new BusEvent.Revoked(device), heard.next());
    }

    /** Those that are refused before anything can have been answered. */
    private static int refusedAtOnce(BusOfReplica replica, BusEvent event, int count) throws InterruptedException {
        double before = replica.count("mp2p.bus.dropped");
        for (int sent = 0; sent < count; sent++) {
            replica.bus().publish(event);
        }
        CountDownLatch sent = new CountDownLatch(1);
        replica.link().run(sent::countDown);
        assertTrue(sent.await(10, TimeUnit.SECONDS));
        return (int) (replica.count("mp2p.bus.dropped") - before);
    }

    private static boolean delivers(BusOfReplica replica, BusEvent event) {
        return replica.bus().deliver(event).await().atMost(PATIENCE);
    }

    private static void awaitConnected(BusOfReplica replica) {
        HeardEvents.of(replica.bus(), new AccountId(UUID.randomUUID()));
    }

    private ValkeyServer server() {
        ValkeyServer server = ValkeyServer.make();
        opened.add(server);
        return server;
    }

    private BusOfReplica replica(ValkeyServer server, Map<String, String> settings) {
        BusOfReplica replica = new BusOfReplica(server, settings);
        opened.add(0, replica);
        return replica;
    }
}
