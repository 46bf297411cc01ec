package org.messengerp2p.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.valkey.EventPayload;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.socket.RawSocket;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.ValkeyResource;
import org.messengerp2p.testkit.ValkeyServer;

/** Two replicas of the packaged service behind one bus, as processes of their own. */
@Timeout(60)
class ReplicasIT {

    private static final Buffer ENVELOPE = Buffer.buffer(new byte[40_000]);
    private static final Vertx VERTX = Vertx.vertx();

    /** What is said and read again soon; the other replica relies on events within the patience of a test. */
    private static final Map<String, String> QUICK = Map.of(
            "mp2p.signaling.replicas.presence-refresh", "PT1S",
            "mp2p.signaling.replicas.presence-reread", "PT1S");

    private static ValkeyServer server;
    private static PackagedService first;
    private static PackagedService second;

    private final Device alice = LiveSocketTest.newDevice();
    private final Device bob = LiveSocketTest.newDevice();
    private final Device bobsSecond = LiveSocketTest.deviceOf(bob.account());
    private final List<SocketProbe> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = ValkeyServer.make();
        // Ready without the bus, which comes later.
        first = replica(Map.of());
        second = replica(QUICK);
        server.start();
        awaitConnected();
    }

    /** Each of them, also where another does not stop, or was not started. */
    @AfterAll
    static void stop() throws IOException {
        try {
            second.close();
        } finally {
            try {
                first.close();
            } finally {
                server.close();
            }
        }
    }

    @AfterEach
    void closeAll() {
        opened.forEach(SocketProbe::close);
    }

    @Test
    void tellsWhoComesAndGoesAtTheOther() {
        SocketProbe alices = connect(first, alice);
        alices.send(LiveSocketTest.watchMessage(bob));
        awaitPresence(alices, bob.account());

        SocketProbe one = connect(second, bob);
        awaitPresence(alices, bob.account(), bob);
        SocketProbe two = connect(first, bobsSecond);
        awaitPresence(alices, bob.account(), bob, bobsSecond);
        awaitPresence(one, bob.account(), bob, bobsSecond);
        one.close();
        awaitPresence(alices, bob.account(), bobsSecond);
        awaitPresence(two, bob.account(), bobsSecond);
    }

    @Test
    void tellsWhoIsAtTheOtherWhenAWatchBegins() {
        connect(second, bob);
        SocketProbe alices = connect(first, alice);

        alices.send(LiveSocketTest.watchMessage(bob));

        awaitPresence(alices, bob.account(), bob);
    }

    @Test
    void relaysToTheOtherAndTakenBack() throws IOException {
        double before = second.metric("mp2p_signaling_relayed_total");
        double beforeElsewhere = first.metric("mp2p_signaling_relayed_elsewhere_total");
        SocketProbe bobs = connect(second, bob);
        SocketProbe alices = connect(first, alice);
        watchUntil(alices, bob);

        for (int ref = 0; ref < 50; ref++) {
            alices.send(Frames.relay(bob, ref, "envelope " + ref));
        }

        for (int ref = 0; ref < 50; ref++) {
            assertEquals(
                    new Frames(Frames.RELAY, alice, ref, Buffer.buffer("envelope " + ref)),
                    Frames.parse(bobs.nextFrame()));
        }
        bobs.send(Frames.taken(alice, 0, 1, 2));
        assertEquals(
                new Frames(
                        Frames.TAKEN,
                        bob,
                        0,
                        Buffer.buffer().appendUnsignedInt(1).appendUnsignedInt(2)),
                Frames.parse(alices.nextFrame()));
        assertEquals(before + 50, second.metric("mp2p_signaling_relayed_total"));
        assertEquals(beforeElsewhere + 50, first.metric("mp2p_signaling_relayed_elsewhere_total"));
    }

    @Test
    void passesNoTakenToADeviceThatRelayedNothing() {
        SocketProbe alices = connect(first, alice);
        SocketProbe bobs = connect(second, bob);
        watchUntil(bobs, alice);

        bobs.send(Frames.taken(alice, 1));
        bobs.send(Frames.relay(alice, 2, "after"));

        assertEquals(Frames.RELAY, Frames.parse(alices.nextFrame()).type());
    }

    @Test
    void whoIsNowhereIsNotHere() {
        SocketProbe alices = connect(first, alice);
        watch(alices, bob);

        alices.send(Frames.relay(bob, 8, "envelope"));

        assertEquals(new Frames(Frames.NOT_HERE, bob, 8, Buffer.buffer()), Frames.parse(alices.nextFrame()));
    }

    @Test
    void aReaderAtTheOtherThatDoesNotKeepUpIsNotHere() throws IOException {
        SocketProbe alices = connect(first, alice);
        try (RawSocket bobs = RawSocket.open(second.ws(), LiveSocketTest.token(bob))) {
            bobs.text("hello");
            watchUntil(alices, bob);

            Frames refused = null;
            for (int ref = 0; refused == null && ref < 1_000; ref++) {
                alices.send(Frames.relay(bob, ref, ENVELOPE));
                refused = answerBefore(alices, LiveSocketTest.deviceOf(bob.account()));
            }

            assertNotNull(refused, "never refused");
            assertEquals(Frames.NOT_HERE, refused.type());
            assertEquals(bob, refused.device());
        }
    }

    @Test
    void theNewerConnectionReplacesTheOlderWithoutAChangeForOthers() {
        SocketProbe near = connect(first, alice);
        watch(near, bob);
        SocketProbe far = connect(second, LiveSocketTest.newDevice());
        watch(far, bob);
        SocketProbe older = connect(first, bob);
        awaitPresence(near, bob.account(), bob);
        awaitPresence(far, bob.account(), bob);

        SocketProbe newer = connect(second, bob);

        assertEquals(4409, older.end().code());
        near.send(Frames.relay(bob, 1, "to the newer"));
        assertEquals("to the newer", Frames.parse(newer.nextFrame()).text());
        SocketProbe newest = connect(first, bob);
        assertEquals(4409, newer.end().code());
        far.send(Frames.relay(bob, 2, "to the newest"));
        assertEquals("to the newest", Frames.parse(newest.nextFrame()).text());
        assertTrue(near.pending().isEmpty());
        assertTrue(far.pending().isEmpty());
        newest.close();
        awaitPresence(near, bob.account());
        awaitPresence(far, bob.account());
    }

    @Test
    void hearsWhatOtherServicesTell() throws Exception {
        SocketProbe bobs = connect(second, bob);
        SocketProbe alices = connect(first, alice);
        watchUntil(alices, bob);

        publish(new BusEvent.Mail(bob));
        bobs.next("mail");
        publish(new BusEvent.NewDeliveryToken(bob.account()));
        awaitPresence(alices, bob.account());
        alices.send(Frames.relay(bob, 1, "x"));
        assertEquals(Frames.NOT_HERE, Frames.parse(alices.nextFrame()).type());
        publish(new BusEvent.Revoked(bob));
        assertEquals(4401, bobs.end().code());
    }

    @Test
    void ignoresAndCountsWhatNoReplicaWouldSay() throws Exception {
        double before = first.metric("mp2p_signaling_malformed_elsewhere_total");
        SocketProbe alices = connect(first, alice);
        awaitListening(alice);
        List<Buffer> hostile = List.of(
                Buffer.buffer(),
                Buffer.buffer("short"),
                Frames.frame(9, bob, 1, Buffer.buffer()),
                Frames.frame(Frames.RELAY, bob, 1, Buffer.buffer(new byte[40_961])),
                Frames.frame(Frames.TAKEN, bob, 1, Buffer.buffer(new byte[3])),
                Frames.frame(Frames.NOT_HERE, bob, 1, Buffer.buffer("payload")),
                Frames.frame(Frames.RELAY, bob, 1, Buffer.buffer()).setUnsignedInt(17, 0));

        for (Buffer bytes : hostile) {
            publish(new BusEvent.Frame(alice, bytes));
        }
        publish(new BusEvent.Mail(alice));

        assertEquals(new JsonObject().put("t", "mail"), alices.nextMessage());
        assertEquals(before + hostile.size(), first.metric("mp2p_signaling_malformed_elsewhere_total"));
    }

    @Test
    void servesWhatIsLocalWithoutTheBusAndAllAgainWhenItIsBack() throws Exception {
        SocketProbe alices = connect(first, alice);
        SocketProbe bobs = connect(second, bob);
        SocketProbe near = connect(first, bobsSecond);
        watchUntil(alices, bob, bobsSecond);
        Map<PackagedService, Long> told = Map.of(first, timesTold(first), second, timesTold(second));

        server.kill();
        awaitUp(first, 0);
        awaitUp(second, 0);
        long began = System.nanoTime();
        alices.send(Frames.relay(bob, 1, "to the other"));
        assertEquals(Frames.NOT_HERE, Frames.parse(alices.nextFrame()).type());
        assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(4), "not after the patience with the bus");
        alices.send(Frames.relay(bobsSecond, 2, "to a device of the same"));
        assertEquals("to a device of the same", Frames.parse(near.nextFrame()).text());
        Device carol = LiveSocketTest.newDevice();
        SocketProbe carols = connect(second, carol);
        carols.send(LiveSocketTest.watchMessage(bob));
        server.start();
        awaitConnected();

        awaitPresence(carols, bob.account(), bob, bobsSecond);
        awaitListening(bob);
        alices.send(Frames.relay(bob, 3, "to the other again"));
        assertEquals("to the other again", Frames.parse(bobs.nextFrame()).text());
        near.close();
        awaitPresence(carols, bob.account(), bob);
        awaitPresence(alices, bob.account(), bob);
        for (PackagedService replica : List.of(first, second)) {
            assertTrue(replica.isAlive());
            assertFalse(replica.log().contains("Exception"), replica.log());
            // Away and back.
            assertEquals(told.get(replica) + 2, timesTold(replica), replica.log());
        }
    }

    @Test
    void aNewDeliveryTokenThatTheBusHasLostEndsTheWatchWhenItIsBack() throws Exception {
        SocketProbe alices = connect(first, alice);
        connect(second, bob);
        watchUntil(alices, bob);

        server.kill();
        awaitUp(first, 0);
        awaitUp(second, 0);
        byte[] token = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        first.mailbox().setToken(bob.account(), token);
        server.start();
        awaitConnected();

        // A bus that has begun anew knows of nobody for a moment; where Bob is known again, only the watch can have
        // ended.
        SocketProbe carols = connect(first, LiveSocketTest.newDevice());
        carols.send(LiveSocketTest.watchMessage(token, bob));
        awaitPresence(carols, bob.account(), bob);
        awaitPresence(alices, bob.account());
        Frames[] answer = new Frames[1];
        Eventually.isTrue("it is answered, and not passed on", () -> {
            alices.send(Frames.relay(bob, 1, "x"));
            answer[0] = alices.poll() instanceof Buffer frame ? Frames.parse(frame) : null;
            return answer[0] != null;
        });
        assertEquals(Frames.NOT_HERE, answer[0].type());
    }

    @Test
    void putsOffTheEndOfWhatItHolds() throws Exception {
        connect(second, bob);
        connect(second, bobsSecond);

        long one = awaitEndAfter(0, bob);
        long two = awaitEndAfter(0, bobsSecond);

        awaitEndAfter(one, bob);
        awaitEndAfter(two, bobsSecond);
    }

    /** Long before it would end by itself. */
    @Test
    void whatLeavesAllAtOnceIsGivenUpThoughTheBusIsSlow() throws Exception {
        try (PackagedService third = replica(Map.of("mp2p.bus.outstanding", "8"))) {
            List<Device> devices =
                    Stream.generate(LiveSocketTest::newDevice).limit(40).toList();
            for (Device device : devices) {
                connect(third, device);
                awaitEndAfter(0, device);
            }

            server.freeze();
            try {
                opened.forEach(SocketProbe::close);
                while (third.metric("mp2p_signaling_connections") != 0) {
                    Thread.sleep(20);
                }
            } finally {
                thaw();
            }

            for (Device device : devices) {
                while (endOf(device) != 0) {
                    Thread.sleep(20);
                }
            }
        }
    }

    /** A bus that is slow at that moment; the process waits for it, else it would be gone before the bus answers. */
    @Test
    void whatAReplicaHeldIsGivenUpBeforeItEnds() throws Exception {
        Map<String, String> patient = Map.of(
                "mp2p.signaling.drain.window", "PT0S",
                "mp2p.signaling.close-grace", "PT25S",
                "mp2p.bus.stall", "PT60S");
        try (PackagedService third = replica(patient)) {
            Map<Device, SocketProbe> sockets = new HashMap<>();
            for (int number = 0; number < 40; number++) {
                Device device = LiveSocketTest.newDevice();
                sockets.put(device, connect(third, device));
                awaitEndAfter(0, device);
            }

            server.freeze();
            try {
                third.terminate();
                for (SocketProbe socket : sockets.values()) {
                    assertEquals(1012, socket.end().code());
                }
                assertFalse(third.endsWithin(Duration.ofSeconds(2)), "it waits");
            } finally {
                thaw();
            }
            third.exitCode();

            for (Device device : sockets.keySet()) {
                assertEquals(0, endOf(device));
            }
        }
    }

    @Test
    void whatAKilledReplicaHeldEndsByItself() throws Exception {
        SocketProbe alices = connect(second, alice);
        watch(alices, bob);
        Map<String, String> shortLived = new HashMap<>(QUICK);
        shortLived.put("mp2p.signaling.replicas.presence-life", "PT2S");
        try (PackagedService third = replica(shortLived)) {
            connect(third, bob);
            awaitPresence(alices, bob.account(), bob);
        }

        awaitPresence(alices, bob.account());
    }

    private static long timesTold(PackagedService replica) throws IOException {
        return replica.log().lines().filter(line -> line.contains("device bus")).count();
    }

    /** What is said before a frame to this device, which is nowhere, is answered; frames are answered in their turn. */
    private static Frames answerBefore(SocketProbe sender, Device nowhere) {
        sender.send(Frames.relay(nowhere, 0, "x"));
        Frames first = Frames.parse(sender.nextFrame());
        return first.device().equals(nowhere) ? null : first;
    }

    private static PackagedService replica(Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> settings = new HashMap<>(ValkeyResource.settings(server));
        settings.put("mp2p.bus.longest-retry", "PT0.5S");
        // So long that what is answered at once can be told from what waits, on a busy machine too.
        settings.put("mp2p.bus.answer", "PT8S");
        // A reader that is refused stays, so that what refuses is its budget alone.
        settings.put("mp2p.signaling.slow-reader-patience", "PT60S");
        settings.put("mp2p.signaling.limits.relay-per-second", "1000000");
        settings.put("mp2p.signaling.limits.relay-per-pair-per-second", "1000000");
        settings.putAll(more);
        return new PackagedService("96m", settings);
    }

    private SocketProbe connect(PackagedService replica, Device device) {
        SocketProbe probe = SocketProbe.open(replica.ws(), LiveSocketTest.token(device));
        opened.add(probe);
        probe.next("hello");
        probe.next("presence");
        return probe;
    }

    private static void watch(SocketProbe probe, Device device) {
        probe.send(LiveSocketTest.watchMessage(device));
        probe.next("presence");
    }

    /** Watches the account of these devices until all of them, and no others of it, are there. */
    private static void watchUntil(SocketProbe probe, Device... connected) {
        probe.send(LiveSocketTest.watchMessage(connected[0]));
        awaitPresence(probe, connected[0].account(), connected);
    }

    /** Passes over what is told of other accounts, and earlier states. */
    private static void awaitPresence(SocketProbe probe, AccountId account, Device... connected) {
        Set<Long> expected = Set.of(connected).stream()
                .map(device -> device.device().value())
                .collect(Collectors.toSet());
        JsonObject presence;
        do {
            presence = probe.next("presence");
        } while (!presence.getString("account").equals(account.base64url())
                || !expected.equals(presence.getJsonArray("devices").stream()
                        .map(number -> ((Number) number).longValue())
                        .collect(Collectors.toSet())));
    }

    private static void awaitConnected() throws IOException, InterruptedException {
        awaitUp(first, 1);
        awaitUp(second, 1);
    }

    /** Others may have given the bus up meanwhile; the next test needs them on it. */
    private static void thaw() throws Exception {
        server.thaw();
        awaitConnected();
    }

    private static void awaitUp(PackagedService replica, double up) throws IOException, InterruptedException {
        while (replica.metric("mp2p_bus_up") != up) {
            Thread.sleep(20);
        }
    }

    /** Until a replica has subscribed to what is told to the device. */
    private static void awaitListening(Device device) throws Exception {
        while (publish(new BusEvent.Claimed(device)) == 0) {
            Thread.sleep(20);
        }
    }

    /** As another service does; how many heard it. */
    private static int publish(BusEvent event) throws Exception {
        return ask(Request.cmd(Command.PUBLISH)
                        .arg(EventPayload.channel(event.topic()))
                        .arg(EventPayload.of(event)))
                .toInteger();
    }

    /** When the presence of a device ends by itself; 0 before it is there. */
    private static long endOf(Device device) throws Exception {
        Response entry = ask(Request.cmd(Command.HGET)
                .arg("mp2p:presence:" + device.account().base64url())
                .arg(device.device().value()));
        return entry == null ? 0 : Long.parseLong(entry.toString().split(" ")[2]);
    }

    private static long awaitEndAfter(long time, Device device) throws Exception {
        long end = endOf(device);
        while (end <= time) {
            Thread.sleep(50);
            end = endOf(device);
        }
        return end;
    }

    private static Response ask(Request command) throws Exception {
        Redis client = Redis.createClient(VERTX, server.url());
        try {
            return client.connect()
                    .compose(connection -> connection.send(command))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } finally {
            client.close();
        }
    }
}
