package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.PackagedService;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

/**
 * One client that keeps no rule cannot exhaust the memory of the service. The heap is small and the rates are raised
 * until they protect nothing, so that only the bounds in bytes do. With the receiver's write awaited, or without the
 * budget, the first test ends the process (java notes 3.2).
 */
class HostileClientIT {

    private static final long FLOOD = 300L << 20;
    private static final int ENVELOPE = 40_000;

    private final AccountId account = new AccountId(UUID.randomUUID());
    private final Device hostile = new Device(account, new DeviceId(1));
    private final Device sender = new Device(account, new DeviceId(2));
    private final Device bystander = new Device(account, new DeviceId(3));

    private PackagedService service;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        service = new PackagedService(
                "96m",
                Map.of(
                        "mp2p.signaling.limits.relay-per-second", "100000000",
                        "mp2p.signaling.limits.relay-per-pair-per-second", "100000000",
                        "mp2p.signaling.limits.taken-per-second", "100000000",
                        "mp2p.signaling.slow-reader-patience", "PT1H"));
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
    }

    @Test
    void aReaderThatStopsReading() throws IOException {
        try (RawSocket reader = RawSocket.open(service.ws(), token(hostile));
                SocketProbe floods = SocketProbe.open(service.ws(), token(sender))) {
            reader.text("hello");
            Buffer envelope = Buffer.buffer(new byte[ENVELOPE]);
            for (long sent = 0; sent < FLOOD; sent += ENVELOPE) {
                floods.sendPaced(Frames.relay(hostile, sent / ENVELOPE, envelope));
            }

            assertEquals(Frames.NOT_HERE, Frames.parse(floods.nextFrame()).type());
            assertServes();
        }
    }

    @Test
    void aClientThatPingsAndReadsNoPong() throws IOException {
        try (RawSocket pings = RawSocket.open(service.ws(), token(hostile))) {
            pings.flood(repeated(RawSocket.encode(RawSocket.PING, new byte[125])), FLOOD);

            assertServes();
        }
    }

    @Test
    void aClientThatSendsToNobodyAndReadsNoAnswer() throws IOException {
        byte[] toNobody = Frames.relay(new Device(new AccountId(UUID.randomUUID()), new DeviceId(9)), 1, "x")
                .getBytes();
        try (RawSocket floods = RawSocket.open(service.ws(), token(hostile))) {
            floods.flood(repeated(RawSocket.encode(RawSocket.BINARY, toNobody)), FLOOD);

            floods.awaitCut();
            assertServes();
        }
    }

    @Test
    void aMessageThatNeverEnds() throws IOException {
        try (RawSocket endless = RawSocket.open(service.ws(), token(hostile))) {
            endless.fragment(RawSocket.BINARY, new byte[1]);
            endless.flood(repeated(RawSocket.encodeFragment(RawSocket.CONTINUATION, new byte[0])), 1 << 20);

            assertServes();
        }
    }

    private void assertServes() throws IOException {
        assertTrue(service.isAlive(), service.log());
        assertFalse(service.log().contains("OutOfMemory"), service.log());
        try (SocketProbe others = SocketProbe.open(service.ws(), token(bystander))) {
            others.send(Frames.relay(bystander, 1, "served"));
            assertEquals("served", Frames.parse(others.nextFrame()).text());
        }
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
