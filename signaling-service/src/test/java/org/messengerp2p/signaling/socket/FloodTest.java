package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;

/** A peer that never stops sending is read at its rate, whatever it sends, and makes no work beyond it. */
@QuarkusTest
@Timeout(120)
class FloodTest extends LiveSocketTest {

    /** Twice 200 RELAY and 400 TAKEN. */
    private static final int FRAMES_PER_SECOND = 1_200;

    /** What one read of a busy socket may bring of the smallest frame that is counted here. */
    private static final int READ_AHEAD = Wire.LARGEST_READ / 31;

    private final Device hostile = newDevice();
    private final Device bystander = newDevice();

    @Inject
    MeterRegistry meters;

    /** What the network holds of another flood is read, too, until the service sees its end. */
    @BeforeEach
    void awaitTheEndOfOthers() throws InterruptedException {
        Eventually.isTrue(
                "no socket is left",
                () -> meters.get("mp2p.signaling.sockets").gauge().value() == 0);
    }

    @Test
    void framesOverTheRateAreNotEvenRefusedFasterThanThePace() throws Exception {
        byte[] toNobody = RawSocket.encode(
                RawSocket.BINARY, Frames.relay(newDevice(), 1, "").getBytes());

        flood(
                toNobody,
                () -> dropped()
                        + meters.get("mp2p.signaling.not.here").counter().count());
    }

    @Test
    void pingsAreAnsweredAtThePace() throws Exception {
        flood(RawSocket.encode(RawSocket.PING, new byte[125]), () -> 0.0);
    }

    private void flood(byte[] frame, DoubleSupplier work) throws Exception {
        SocketProbe others = connect(bystander);
        double paced = paced();
        double before = work.getAsDouble();
        long begin = System.nanoTime();
        ExecutorService sending = Executors.newSingleThreadExecutor();
        try (RawSocket floods = RawSocket.open(ws(), token(hostile))) {
            sending.execute(() -> floods.flood(repeated(frame), 1L << 30));
            for (int ref = 0; ref < 50; ref++) {
                others.send(Frames.relay(bystander, ref, "others"));
                assertEquals(ref, Frames.parse(others.nextFrame()).ref());
            }
            Eventually.isTrue("it was not read for a while twice", () -> paced() >= paced + 2);

            double done = work.getAsDouble() - before;
            double seconds = (System.nanoTime() - begin) / 1e9;
            double most = FRAMES_PER_SECOND * (seconds + 1) + READ_AHEAD;
            assertTrue(done <= most, done + " frames in " + seconds + " s");
        } finally {
            sending.shutdown();
        }
        Eventually.isTrue("the sender is gone", sending::isTerminated);
    }

    private double paced() {
        return meters.get("mp2p.signaling.paced").counter().count();
    }

    private double dropped() {
        return meters.get("mp2p.signaling.dropped")
                .tag("reason", "rate-limited")
                .counter()
                .count();
    }

    private static byte[] repeated(byte[] frame) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        while (frames.size() < 64 * 1024) {
            frames.writeBytes(frame);
        }
        return frames.toByteArray();
    }
}
