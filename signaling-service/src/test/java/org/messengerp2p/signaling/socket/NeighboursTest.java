package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;

/** However many sockets come from one address, those of others have most of the memory and most of the time. */
@QuarkusTest
@TestProfile(NeighboursTest.WithLittle.class)
@Timeout(120)
class NeighboursTest extends LiveSocketTest {

    private static final String HOSTILE = "127.0.3.1";
    private static final int SOCKETS = 20;
    private static final long UNSENT = 4 << 20;
    private static final long PARTIAL = 4 << 20;
    private static final int FRAMES_PER_SECOND = 1_000;
    private static final Buffer ENVELOPE = Buffer.buffer(new byte[40_000]);

    private final Device bystander = newDevice();
    private final List<RawSocket> hostile = new ArrayList<>();

    @Inject
    MeterRegistry meters;

    public static class WithLittle implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.signaling.limits.relay-per-second",
                    "1000000",
                    "mp2p.signaling.limits.relay-per-pair-per-second",
                    "1000000",
                    "mp2p.signaling.limits.frames-per-second",
                    String.valueOf(FRAMES_PER_SECOND),
                    "mp2p.signaling.limits.frames-per-second-by-address",
                    String.valueOf(FRAMES_PER_SECOND),
                    "mp2p.signaling.slow-reader-patience",
                    "PT1H",
                    "mp2p.signaling.send-queue",
                    "128K",
                    "mp2p.signaling.send-memory",
                    String.valueOf(UNSENT),
                    "mp2p.signaling.partial-memory",
                    String.valueOf(PARTIAL));
        }
    }

    @BeforeEach
    void awaitTheEndOfOthers() throws InterruptedException {
        Eventually.isTrue("no socket is left", () -> gauge("mp2p.signaling.sockets") == 0);
    }

    @AfterEach
    void closeHostile() throws IOException {
        for (RawSocket socket : hostile) {
            socket.close();
        }
    }

    @Test
    void whatTheyDoNotReadFillsAPartOfTheMemoryAlone() throws Exception {
        SocketProbe sender = connect(bystander);
        List<Device> silent = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            Device device = deviceOf(bystander.account());
            open(device).text("hello");
            silent.add(device);
        }

        double most = 0;
        double before = dropped("address-full");
        for (int ref = 0; dropped("address-full") == before; ref++) {
            sender.sendPaced(Frames.relay(silent.get(ref % SOCKETS), ref, ENVELOPE));
            sender.pending();
            most = Math.max(most, gauge("mp2p.signaling.unsent"));
        }
        // Also where much of it came to the service between two looks.
        most = Math.max(most, gauge("mp2p.signaling.unsent"));

        assertTrue(most > UNSENT / 8.0 && most <= UNSENT / 4.0, "held " + most);
        sender.send(Frames.relay(bystander, 1 << 30, ENVELOPE));
        awaitFrame(sender, 1 << 30);
    }

    @Test
    void messagesThatTheyBeginFillAPartOfTheMemoryAlone() throws Exception {
        SocketProbe other = connect(bystander);

        for (int i = 0; i < SOCKETS; i++) {
            open(newDevice()).fragment(RawSocket.BINARY, new byte[60_000]);
        }

        Eventually.isTrue("those that do not fit end", () -> dropped("partial-full") >= SOCKETS - PARTIAL / 4 / 60_000);
        assertTrue(gauge("mp2p.signaling.partial") <= PARTIAL / 4.0);
        other.send(Frames.relay(bystander, 1, ENVELOPE));
        awaitFrame(other, 1);
    }

    @Test
    void theyAreReadAtThePaceOfAnAddressTogether() throws Exception {
        SocketProbe other = connect(bystander);
        byte[] toNobody = RawSocket.encode(
                RawSocket.BINARY, Frames.relay(newDevice(), 1, "").getBytes());
        byte[] frames = new byte[toNobody.length * 1_000];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = toNobody[i % toNobody.length];
        }
        double before = meters.get("mp2p.signaling.not.here").counter().count();
        for (int i = 0; i < SOCKETS; i++) {
            open(newDevice());
        }
        double pacedBefore = paced();
        long begin = System.nanoTime();
        ExecutorService sending = Executors.newCachedThreadPool();
        try {
            hostile.forEach(socket -> sending.execute(() -> socket.flood(frames, 1L << 30)));
            for (int ref = 0; ref < 50; ref++) {
                other.send(Frames.relay(bystander, ref, ENVELOPE));
                awaitFrame(other, ref);
            }
            Eventually.isTrue("all are held back", () -> paced() >= pacedBefore + SOCKETS);

            double done = meters.get("mp2p.signaling.not.here").counter().count() - before;
            double seconds = (System.nanoTime() - begin) / 1e9;
            double readAhead = SOCKETS * (double) Wire.LARGEST_READ / toNobody.length;
            double most = FRAMES_PER_SECOND * (seconds + 1) + readAhead;
            assertTrue(done <= most, done + " frames in " + seconds + " s, at most " + most);
        } finally {
            closeHostile();
            sending.shutdown();
        }
        Eventually.isTrue("the senders are gone", sending::isTerminated);
    }

    private RawSocket open(Device device) throws IOException {
        RawSocket socket = RawSocket.open(ws(), token(device), HOSTILE);
        hostile.add(socket);
        return socket;
    }

    /** Answers to what is sent to others come in between. */
    private static void awaitFrame(SocketProbe probe, long ref) {
        Frames frame = Frames.parse(probe.nextFrame());
        while (frame.ref() != ref) {
            frame = Frames.parse(probe.nextFrame());
        }
        assertEquals(Frames.RELAY, frame.type());
    }

    private double dropped(String reason) {
        return meters.get("mp2p.signaling.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private double paced() {
        return meters.get("mp2p.signaling.paced").counter().count();
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }
}
