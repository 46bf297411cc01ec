package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.PackagedService;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

/**
 * A heap of 192 MB against a thousand sockets that each begin a message and do not end it, and one that never stops
 * sending. The limits on the number of sockets are raised, so that the memory is defended by its own bounds alone. Who
 * never reads is in {@link HostileClientIT} and {@link SocketMemoryTest}.
 */
@Timeout(180)
class HostileSocketsIT {

    private static final int SOCKETS = 1_000;
    private static final int OTHERS = 200;
    private static final Buffer ENVELOPE = Buffer.buffer(new byte[40_000]);
    private static final Map<String, String> SETTINGS = Map.of(
            "mp2p.signaling.limits.sockets-by-address", "5000",
            "mp2p.signaling.limits.handshakes-by-address", "1000000/PT1M",
            "mp2p.signaling.limits.relay-per-second", "1000000",
            "mp2p.signaling.limits.relay-per-pair-per-second", "1000000",
            "mp2p.signaling.limits.frames-per-second", "1200");

    private final Device alice = newDevice();
    private final Device bob = deviceOf(alice.account());
    private final List<RawSocket> opened = new ArrayList<>();
    private final ExecutorService hostile = Executors.newCachedThreadPool();

    @Test
    void othersGetAllTheirFrames() throws Exception {
        try (PackagedService service = new PackagedService("192m", SETTINGS);
                SocketProbe alices = SocketProbe.open(service.ws(), token(alice));
                SocketProbe bobs = SocketProbe.open(service.ws(), token(bob))) {
            bobs.next("presence");
            for (int socket = 0; socket < SOCKETS; socket++) {
                open(service, newDevice()).fragment(RawSocket.BINARY, new byte[60_000]);
            }
            RawSocket floods = open(service, newDevice());
            hostile.execute(() -> floods.flood(repeated(RawSocket.encode(RawSocket.PING, new byte[125])), 1L << 30));

            for (int ref = 0; ref < OTHERS || service.metric("mp2p_signaling_paced_total") < 2; ref++) {
                alices.sendPaced(Frames.relay(bob, ref, ENVELOPE));
                assertEquals(new Frames(Frames.RELAY, alice, ref, ENVELOPE), Frames.parse(bobs.nextFrame()));
            }

            assertTrue(service.isAlive(), service.log());
            assertFalse(service.log().contains("OutOfMemory"), service.log());
            assertTrue(service.dropped("partial-full") > SOCKETS / 2.0);
        } finally {
            for (RawSocket socket : opened) {
                socket.close();
            }
            hostile.shutdown();
            assertTrue(hostile.awaitTermination(60, TimeUnit.SECONDS));
        }
    }

    private RawSocket open(PackagedService service, Device device) throws IOException {
        RawSocket socket = RawSocket.open(service.ws(), token(device));
        opened.add(socket);
        return socket;
    }

    private static Device newDevice() {
        return deviceOf(new AccountId(UUID.randomUUID()));
    }

    private static Device deviceOf(AccountId account) {
        return new Device(account, new DeviceId(ThreadLocalRandom.current().nextLong(1, 1L << 32)));
    }

    private static byte[] repeated(byte[] frame) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        while (frames.size() < 64 * 1024) {
            frames.writeBytes(frame);
        }
        return frames.toByteArray();
    }

    private static String token(Device device) {
        return TestTokens.access(device, Audience.SIGNALING);
    }
}
