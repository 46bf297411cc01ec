package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.PackagedService;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

/**
 * A heap of 192 MB against one client that keeps no rule: it opens a thousand sockets, reads nothing of any, and never
 * stops sending on any. The first device of two sends to the second, which is its own and does not read; the second pings.
 */
@Timeout(240)
class HostileSocketsIT {

    private static final int SOCKETS = 1_000;
    private static final int BY_ADDRESS = 512;
    private static final int BY_ACCOUNT = 25;
    private static final int OTHERS = 200;
    private static final int RELAYED = 3_000;
    private static final String HOSTILE = "127.9.0.1";
    private static final Buffer ENVELOPE = Buffer.buffer(new byte[40_000]);
    private static final Buffer SMALL = Buffer.buffer(new byte[4_000]);
    private static final byte[] PINGS = repeated(RawSocket.encode(RawSocket.PING, new byte[125]));

    /** The limits of frames by kind are lifted, for those of others too; the pace, and all limits of sockets, are as shipped. */
    private static final Map<String, String> SETTINGS = Map.of(
            "mp2p.signaling.limits.relay-per-second", "1000000",
            "mp2p.signaling.limits.relay-per-pair-per-second", "1000000",
            "mp2p.signaling.limits.frames-per-second", "1200");

    private final Device alice = newDevice();
    private final Device bob = deviceOf(alice.account());
    private final List<RawSocket> opened = new ArrayList<>();
    private final ExecutorService hostile = Executors.newCachedThreadPool();

    @AfterEach
    void end() throws IOException, InterruptedException {
        for (RawSocket socket : opened) {
            socket.close();
        }
        hostile.shutdown();
        assertTrue(hostile.awaitTermination(60, TimeUnit.SECONDS));
    }

    @Test
    void othersGetAllTheirFramesBesideAThousandSocketsOfOneAddress() throws Exception {
        try (PackagedService service = new PackagedService("192m", SETTINGS);
                SocketProbe alices = SocketProbe.open(service.ws(), token(alice));
                SocketProbe bobs = SocketProbe.open(service.ws(), token(bob))) {
            bobs.next("presence");
            List<Runnable> floods = new ArrayList<>();
            List<Device> readers = new ArrayList<>();
            for (int i = 0; i < BY_ADDRESS; i += 2) {
                Device sender = newDevice();
                Device reader = deviceOf(sender.account());
                RawSocket sends = open(service, sender, HOSTILE);
                RawSocket pings = open(service, reader, HOSTILE);
                pings.text("hello");
                readers.add(reader);
                Buffer envelope = i == 0 ? ENVELOPE : SMALL;
                floods.add(() -> flood(sends, relays(List.of(reader), envelope)));
                floods.add(() -> flood(pings, PINGS));
            }
            for (int i = BY_ADDRESS; i < SOCKETS; i++) {
                RawSocket.Refusal refusal = RawSocket.refusalFrom(HOSTILE, service.ws(), token(newDevice()));
                assertEquals("HTTP/1.1 429 Too Many Requests", refusal.status());
            }
            RawSocket unread = opened.get(1);
            try (SocketProbe spies =
                    SocketProbe.open(service.ws(), token(deviceOf(readers.get(0).account())))) {
                spies.next("presence");
                floods.forEach(Runnable::run);

                for (int ref = 0; ref < OTHERS || service.metric("mp2p_signaling_relayed_total") < RELAYED; ref++) {
                    assertPassed(alices, bobs, ref);
                }

                Eventually.isTrue("others see that it is gone", () -> isGone(spies, readers.get(0)));
                assertEquals(1013, unread.closeCode());
                assertTrue(service.metric("mp2p_signaling_paced_total") > 0);
                assertServes(service);
            }
        }
    }

    /** Where the limits of an address bound nobody, a frame of others may be NOT_HERE for a while. */
    @Test
    void whoReadsNothingEndsAlsoWhereEachHoldsLittleAndEachComesFromElsewhere() throws Exception {
        try (PackagedService service = new PackagedService("192m", SETTINGS);
                SocketProbe alices = SocketProbe.open(service.ws(), token(alice))) {
            List<Runnable> floods = new ArrayList<>();
            for (int first = 0; first < SOCKETS; first += BY_ACCOUNT) {
                floods.add(openAccount(service, first));
            }
            floods.forEach(Runnable::run);

            int arrived = 0;
            for (int ref = 0; arrived < OTHERS || service.dropped("slow-reader") < SOCKETS / 2.0; ref++) {
                arrived += isPassed(alices, ref) ? 1 : 0;
            }

            assertServes(service);
        }
    }

    @Test
    void othersGetAllTheirFramesBesideAThousandMessagesThatDoNotEnd() throws Exception {
        try (PackagedService service = new PackagedService("192m", SETTINGS);
                SocketProbe alices = SocketProbe.open(service.ws(), token(alice));
                SocketProbe bobs = SocketProbe.open(service.ws(), token(bob))) {
            bobs.next("presence");
            for (int i = 0; i < SOCKETS; i++) {
                open(service, newDevice(), elsewhere(i)).fragment(RawSocket.BINARY, new byte[60_000]);
            }
            flood(open(service, newDevice(), HOSTILE), PINGS);

            for (int ref = 0; ref < OTHERS || service.metric("mp2p_signaling_paced_total") < 2; ref++) {
                assertPassed(alices, bobs, ref);
            }

            assertTrue(service.dropped("partial-full") > SOCKETS / 2.0);
            assertServes(service);
        }
    }

    /** @return has its first device send to the others, one after the other */
    private Runnable openAccount(PackagedService service, int first) throws IOException {
        Device sender = newDevice();
        RawSocket sends = open(service, sender, elsewhere(first));
        List<Device> silent = new ArrayList<>();
        for (int i = first + 1; i < Math.min(first + BY_ACCOUNT, SOCKETS); i++) {
            Device device = deviceOf(sender.account());
            open(service, device, elsewhere(i)).text("hello");
            silent.add(device);
        }
        return () -> flood(sends, relays(silent, ENVELOPE));
    }

    private void flood(RawSocket socket, byte[] frames) {
        hostile.execute(() -> socket.flood(frames, Long.MAX_VALUE));
    }

    private RawSocket open(PackagedService service, Device device, String from) throws IOException {
        RawSocket socket = RawSocket.open(service.ws(), token(device), from);
        opened.add(socket);
        return socket;
    }

    private static String elsewhere(int number) {
        return "127.10." + number / 250 + "." + (1 + number % 250);
    }

    private void assertServes(PackagedService service) throws IOException {
        assertTrue(service.isAlive(), service.log());
        assertFalse(service.log().contains("OutOf"), service.log());
    }

    /** From a device of one account to another of it, and the acknowledgement back. */
    private void assertPassed(SocketProbe alices, SocketProbe bobs, int ref) {
        alices.sendPaced(Frames.relay(bob, ref, ENVELOPE));
        assertEquals(new Frames(Frames.RELAY, alice, ref, ENVELOPE), Frames.parse(bobs.nextFrame()));
        bobs.send(Frames.taken(alice, ref));
        assertEquals(new Frames(Frames.TAKEN, bob, ref, Buffer.buffer()), Frames.parse(alices.nextFrame()));
    }

    /** To itself: it comes, or its sender is told at once that it does not. */
    private boolean isPassed(SocketProbe alices, int ref) {
        alices.sendPaced(Frames.relay(alice, ref, ENVELOPE));
        Frames answer = Frames.parse(alices.nextFrame());
        assertEquals(ref, answer.ref());
        return answer.type() == Frames.RELAY;
    }

    private static boolean isGone(SocketProbe watcher, Device device) {
        return watcher.pending().stream()
                .filter(event -> event instanceof JsonObject message && "presence".equals(message.getString("t")))
                .map(event -> ((JsonObject) event).getJsonArray("devices"))
                .anyMatch(devices -> devices.stream()
                        .noneMatch(each ->
                                ((Number) each).longValue() == device.device().value()));
    }

    private static byte[] relays(List<Device> devices, Buffer envelope) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (Device device : devices) {
            frames.writeBytes(RawSocket.encode(
                    RawSocket.BINARY, Frames.relay(device, 0, envelope).getBytes()));
        }
        return frames.toByteArray();
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
