package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;

@QuarkusTest
@TestProfile(SlowReaderTest.WithHighRates.class)
class SlowReaderTest extends LiveSocketTest {

    private static final Buffer ENVELOPE = Buffer.buffer(new byte[40_000]);
    private static final int MOST = 2_000;

    private final Device alice = newDevice();
    private final Device bob = newDevice();
    private final Device carol = newDevice();

    @Inject
    MeterRegistry meters;

    public static class WithHighRates implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.signaling.limits.relay-per-second", "1000000",
                    "mp2p.signaling.limits.relay-per-pair-per-second", "1000000",
                    // In which a busy machine, too, has read what one reader owes.
                    "mp2p.signaling.slow-reader-patience", "PT3S");
        }
    }

    @Test
    void isRefusedAtItsBudgetAndClosedBy1013IfItDoesNotCatchUp() throws IOException {
        SocketProbe alices = connect(alice);
        double full = dropped("queue-full");
        double slow = dropped("slow-reader");
        try (RawSocket bobs = RawSocket.open(ws(), token(bob))) {
            watchConnected(alices, bob, bobs);

            Frames refused = sendUntilRefused(alices, bob);
            assertEquals(Frames.NOT_HERE, refused.type());
            assertEquals(bob, refused.device());

            // Others see that Bob is gone before he is told.
            sendUntilGone(alices, bob);
            assertEquals(1013, bobs.closeCode());
            assertTrue(dropped("queue-full") > full);
            assertEquals(slow + 1, dropped("slow-reader"));
        }
    }

    @Test
    void staysIfItCatchesUp() throws IOException {
        SocketProbe alices = connect(alice);
        try (RawSocket bobs = RawSocket.open(ws(), token(bob));
                RawSocket carols = RawSocket.open(ws(), token(carol))) {
            watchConnected(alices, bob, bobs);
            Frames refused = sendUntilRefused(alices, bob);
            bobs.readUntilRef(refused.ref() - 1);

            // Carol falls behind later than Bob and is closed, so Bob's time is over too.
            watchConnected(alices, carol, carols);
            sendUntilGone(alices, carol);

            watchConnected(alices, bob, null);
            alices.send(Frames.relay(bob, MOST, "still there"));
            bobs.readUntilRef(MOST);
        }
    }

    private double dropped(String reason) {
        return meters.get("mp2p.signaling.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static void watchConnected(SocketProbe watcher, Device device, RawSocket socket) throws IOException {
        if (socket != null) {
            socket.text("hello");
        }
        watcher.send(watchMessage(device));
        assertEquals(1, presenceOf(watcher, device));
    }

    /** Refusals that were under way are passed over. */
    private static int presenceOf(SocketProbe watcher, Device device) {
        while (true) {
            if (watcher.nextEvent() instanceof JsonObject message
                    && device.account().base64url().equals(message.getString("account"))) {
                return message.getJsonArray("devices").size();
            }
        }
    }

    private static Frames sendUntilRefused(SocketProbe sender, Device receiver) {
        for (int ref = 0; ref < MOST; ref++) {
            sender.sendPaced(Frames.relay(receiver, ref, ENVELOPE));
            if (sender.poll() instanceof Buffer answer) {
                return Frames.parse(answer);
            }
        }
        throw new AssertionError("never refused");
    }

    /** Goes on sending, since a queue that only waited for the network's own buffers drains by itself. */
    private static void sendUntilGone(SocketProbe sender, Device receiver) {
        for (int ref = 0; ref < MOST * 100; ref++) {
            sender.sendPaced(Frames.relay(receiver, ref, ENVELOPE));
            if (sender.poll() instanceof JsonObject presence) {
                assertTrue(presence.getJsonArray("devices").isEmpty());
                return;
            }
        }
        throw new AssertionError("never closed");
    }
}
