package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;

/** Right frames with a few wrong bits, many to a socket: nothing but the socket itself ends, and nothing is a defect. */
@QuarkusTest
@Timeout(300)
class MutatedFramesTest extends LiveSocketTest {

    private static final long SEED = 6455;
    private static final int SOCKETS = 600;
    private static final int FRAMES_EACH = 20;

    private final Random random = new Random(SEED);
    private final Device device = newDevice();
    private final Device watcher = deviceOf(device.account());
    private final Errors errors = new Errors();

    @Inject
    MeterRegistry meters;

    @Test
    void endTheirOwnSocketAtMost() throws Exception {
        SocketProbe witness = connect(watcher);
        Logger root = Logger.getLogger("");
        root.addHandler(errors);
        try {
            for (int socket = 0; socket < SOCKETS; socket++) {
                sendMutated();
                witness.send(Frames.relay(watcher, socket, "witness"));
                awaitRef(witness, socket);
            }
            Eventually.isTrue(
                    "no socket but the witness is left",
                    () -> meters.get("mp2p.signaling.connections").gauge().value() == 1);
        } finally {
            root.removeHandler(errors);
        }

        assertEquals(List.of(), errors.seen);
        assertEquals(0, meters.get("mp2p.signaling.partial").gauge().value());
        SocketProbe another = connect(device);
        another.send(Frames.relay(watcher, 1_000_000, "served"));
        awaitRef(witness, 1_000_000);
    }

    /** In one go; the server has its say until it has had enough or has read all. */
    private void sendMutated() throws IOException {
        try (RawSocket raw = RawSocket.open(ws(), token(device))) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int frame = 0; frame < FRAMES_EACH; frame++) {
                frames.writeBytes(mutated());
            }
            raw.write(frames.toByteArray());
            raw.endOutput();
            raw.awaitCut();
        }
    }

    /** What reaches the witness of the mutated frames is passed over. */
    private static void awaitRef(SocketProbe witness, long ref) {
        while (true) {
            Frames frame = Frames.parse(witness.nextFrame());
            if (frame.ref() == ref && frame.payload().length() < 10) {
                return;
            }
        }
    }

    private byte[] mutated() {
        byte[] frame = right();
        int changes = random.nextInt(3);
        for (int change = 0; change < changes; change++) {
            // Most often in the headers of RFC 6455 and MP2P/1 §20.1, where most is decided.
            int at = random.nextInt(random.nextInt(4) == 0 ? frame.length : Math.min(frame.length, 32));
            frame[at] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextInt(10) == 0) {
            return Arrays.copyOf(frame, random.nextInt(frame.length + 1));
        }
        return frame;
    }

    private byte[] right() {
        byte[] payload = new byte[random.nextInt(300)];
        random.nextBytes(payload);
        Device to = random.nextBoolean() ? watcher : device;
        return switch (random.nextInt(7)) {
            case 0 -> RawSocket.encode(RawSocket.PING, Arrays.copyOf(payload, Math.min(125, payload.length)));
            case 1 -> RawSocket.encode(RawSocket.PONG, new byte[0]);
            case 2 -> RawSocket.encode(RawSocket.TEXT, text(watchMessage(watcher)));
            case 3 ->
                RawSocket.encode(
                        RawSocket.TEXT, text(new JsonObject().put("t", "reauth").put("token", token(device))));
            case 4 ->
                RawSocket.encode(RawSocket.BINARY, Frames.taken(to, 1, 2, 3).getBytes());
            case 5 ->
                fragments(Frames.relay(to, random.nextInt(1 << 20), Buffer.buffer(payload))
                        .getBytes());
            default ->
                RawSocket.encode(
                        RawSocket.BINARY,
                        Frames.relay(to, random.nextInt(1 << 20), Buffer.buffer(payload))
                                .getBytes());
        };
    }

    private byte[] fragments(byte[] message) {
        int cut = random.nextInt(message.length);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(RawSocket.encodeFragment(RawSocket.BINARY, Arrays.copyOf(message, cut)));
        frames.writeBytes(RawSocket.encode(RawSocket.PING, new byte[0]));
        frames.writeBytes(RawSocket.encode(RawSocket.CONTINUATION, Arrays.copyOfRange(message, cut, message.length)));
        return frames.toByteArray();
    }

    private static byte[] text(JsonObject message) {
        return message.encode().getBytes(StandardCharsets.UTF_8);
    }

    /** What the service logs as an error. */
    private static final class Errors extends Handler {

        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.SEVERE.intValue()
                    && record.getLoggerName().startsWith("org.messengerp2p")) {
                seen.add(record.getLoggerName() + ": " + record.getMessage() + " " + record.getThrown());
            }
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
