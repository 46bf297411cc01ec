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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;

/** What all sockets together hold is bounded, and those who hold much of it end, not those who hold little. */
@QuarkusTest
@TestProfile(SocketMemoryTest.WithLittle.class)
@Timeout(120)
class SocketMemoryTest extends LiveSocketTest {

    private static final long UNSENT = 2 << 20;
    private static final int PARTIAL = 8 * 65_536;
    private static final int HOSTILE = 12;
    private static final int FITTING = PARTIAL / 60_000;
    private static final Buffer ENVELOPE = Buffer.buffer(new byte[40_000]);

    private final AccountId account = newDevice().account();
    private final List<RawSocket> hostile = new ArrayList<>();

    @Inject
    MeterRegistry meters;

    public static class WithLittle implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.signaling.limits.relay-per-second", "1000000",
                    "mp2p.signaling.limits.relay-per-pair-per-second", "1000000",
                    "mp2p.signaling.slow-reader-patience", "PT1H",
                    "mp2p.signaling.send-memory", String.valueOf(UNSENT),
                    "mp2p.signaling.partial-memory", String.valueOf(PARTIAL));
        }
    }

    @AfterEach
    void closeHostile() throws IOException {
        for (RawSocket socket : hostile) {
            socket.close();
        }
    }

    @Test
    void readersThatDoNotReadEndAsSoonAsTheyFillTheMemoryOfAll() throws Exception {
        SocketProbe sender = connect(deviceOf(account));
        SocketProbe reader = connect(deviceOf(account));
        List<Device> silent = openHostile();
        double before = dropped("slow-reader");

        long most = 0;
        for (int ref = 0; dropped("slow-reader") == before; ref++) {
            sender.sendPaced(Frames.relay(silent.get(ref % HOSTILE), ref, ENVELOPE));
            sender.pending();
            most = Math.max(most, held("mp2p.signaling.unsent"));
        }
        // Also where much of it came to the service between two looks.
        most = Math.max(most, held("mp2p.signaling.unsent"));

        assertTrue(most > UNSENT / 2 && most <= UNSENT, "held " + most);
        assertTrue(dropped("memory-full") > 0);
        assertTrue(reader.pending().stream().noneMatch(SocketProbe.Closed.class::isInstance));
        closeHostile();
        Eventually.isTrue("nothing is held", () -> held("mp2p.signaling.unsent") == 0);
    }

    @Test
    void peersThatEndNoMessageEndAndOthersDoNotNotice() throws Exception {
        Device device = deviceOf(account);
        SocketProbe reader = connect(device);
        openHostile();
        double before = dropped("partial-full");

        for (int i = 0; i < HOSTILE; i++) {
            hostile.get(i).fragment(RawSocket.BINARY, new byte[60_000]);
            long held = Math.min(i + 1, FITTING) * 60_000L;
            double ended = before + Math.max(0, i + 1 - FITTING);
            Eventually.isTrue(
                    "it is held or ended",
                    () -> held("mp2p.signaling.partial") >= held && dropped("partial-full") == ended);
        }

        assertTrue(held("mp2p.signaling.partial") <= PARTIAL);
        reader.send(Frames.relay(device, 1, ENVELOPE));
        assertEquals(ENVELOPE, Frames.parse(reader.nextFrame()).payload());
        assertEquals(1013, hostile.get(HOSTILE - 1).closeCode());
        closeHostile();
        Eventually.isTrue("nothing is held", () -> held("mp2p.signaling.partial") == 0);
    }

    private List<Device> openHostile() throws IOException {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < HOSTILE; i++) {
            Device device = deviceOf(account);
            RawSocket socket = RawSocket.open(ws(), token(device));
            socket.text("hello");
            hostile.add(socket);
            devices.add(device);
        }
        return devices;
    }

    private double dropped(String reason) {
        return meters.get("mp2p.signaling.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private long held(String gauge) {
        return (long) meters.get(gauge).gauge().value();
    }
}
