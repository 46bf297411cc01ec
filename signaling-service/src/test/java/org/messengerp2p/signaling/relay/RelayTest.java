package org.messengerp2p.signaling.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;

@QuarkusTest
class RelayTest extends LiveSocketTest {

    private final Device alice = newDevice();
    private final Device bob = newDevice();

    @Inject
    MeterRegistry meters;

    @Test
    void handsAFrameToAWatchedDeviceWithTheSenderFilledIn() {
        double before = count("mp2p.signaling.relayed");
        SocketProbe bobs = connect(bob);
        SocketProbe alices = connect(alice);
        watch(alices, bob);

        alices.send(Frames.relay(bob, 4_294_967_295L, "envelope"));

        assertEquals(
                new Frames(Frames.RELAY, alice, 4_294_967_295L, Buffer.buffer("envelope")),
                Frames.parse(bobs.nextFrame()));
        awaitDecided(alices);
        assertEquals(before + 1, count("mp2p.signaling.relayed"));
    }

    @Test
    void handsAFrameToTheOwnAccountsOtherDeviceWithoutAWatch() {
        Device second = deviceOf(alice.account());
        SocketProbe seconds = connect(second);
        SocketProbe firsts = connect(alice);

        firsts.send(Frames.relay(second, 1, "copy"));

        assertEquals(alice, Frames.parse(seconds.nextFrame()).device());
    }

    @Test
    void keepsTheOrderOfAPair() {
        SocketProbe bobs = connect(bob);
        SocketProbe alices = connect(alice);
        watch(alices, bob);

        for (int ref = 0; ref < 90; ref++) {
            alices.send(Frames.relay(bob, ref, "x"));
        }

        for (int ref = 0; ref < 90; ref++) {
            assertEquals(ref, Frames.parse(bobs.nextFrame()).ref());
        }
    }

    @Test
    void anAccountThatIsNotWatchedIsNotHereThoughItIsConnected() {
        double before = count("mp2p.signaling.not.here");
        SocketProbe bobs = connect(bob);
        SocketProbe alices = connect(alice);

        alices.send(Frames.relay(bob, 7, "envelope"));

        assertEquals(new Frames(Frames.NOT_HERE, bob, 7, Buffer.buffer()), Frames.parse(alices.nextFrame()));
        assertEquals(before + 1, count("mp2p.signaling.not.here"));
        assertTrue(bobs.pending().isEmpty());
    }

    @Test
    void aWatchedDeviceThatIsNotConnectedIsNotHere() {
        SocketProbe alices = connect(alice);
        watch(alices, bob);

        alices.send(Frames.relay(bob, 8, "envelope"));

        assertEquals(new Frames(Frames.NOT_HERE, bob, 8, Buffer.buffer()), Frames.parse(alices.nextFrame()));
    }

    @Test
    void anAccountThatIsNotWatchedAnyMoreIsNotHere() {
        connect(bob);
        SocketProbe alices = connect(alice);
        watch(alices, bob);
        watch(alices, newDevice());

        alices.send(Frames.relay(bob, 9, "envelope"));

        assertEquals(Frames.NOT_HERE, Frames.parse(alices.nextFrame()).type());
    }

    @Test
    void passesTakenBackWithItsRefs() {
        SocketProbe bobs = connect(bob);
        SocketProbe alices = connect(alice);
        watch(alices, bob);
        alices.send(Frames.relay(bob, 20, "one"));
        alices.send(Frames.relay(bob, 21, "two"));
        bobs.nextFrame();
        bobs.nextFrame();

        bobs.send(Frames.taken(alice, 20, 21));

        assertEquals(
                new Frames(Frames.TAKEN, bob, 20, Buffer.buffer().appendUnsignedInt(21)),
                Frames.parse(alices.nextFrame()));
    }

    @Test
    void passesNoTakenToADeviceThatRelayedNothing() {
        SocketProbe alices = connect(alice);
        SocketProbe bobs = connect(bob);
        watch(bobs, alice);

        double before = dropped("taken");
        bobs.send(Frames.taken(alice, 1));
        bobs.send(Frames.relay(alice, 2, "after"));

        assertEquals(Frames.RELAY, Frames.parse(alices.nextFrame()).type());
        assertEquals(before + 1, dropped("taken"));
    }

    @Test
    void anEnvelopeOverItsLimitIsDroppedAndTold() {
        SocketProbe bobs = connect(bob);
        SocketProbe alices = connect(alice);
        watch(alices, bob);

        alices.send(Frames.relay(bob, 30, Buffer.buffer(new byte[40_961])));
        alices.send(Frames.relay(bob, 31, Buffer.buffer(new byte[40_960])));

        JsonObject error = alices.next("error");
        assertEquals("urn:mp2p:problem:too-large", error.getString("type"));
        assertEquals(30, error.getLong("ref"));
        assertEquals(31, Frames.parse(bobs.nextFrame()).ref());
    }

    @Test
    void envelopesOverTheLimitCountInTheRateOfTheConnection() {
        double tooLarge = dropped("too-large");
        double limited = dropped("rate-limited");
        SocketProbe alices = connect(alice);

        for (int ref = 0; ref < 300; ref++) {
            alices.sendPaced(Frames.relay(bob, ref, Buffer.buffer(new byte[40_961])));
        }

        while (!"urn:mp2p:problem:rate-limited".equals(alices.next("error").getString("type"))) {
            // Those within the rate.
        }
        assertTrue(dropped("too-large") >= tooLarge + 200);
        assertTrue(dropped("rate-limited") > limited);
    }

    @Test
    void whatIsOverTheRateOfAPairIsDroppedAndToldByItsRef() {
        int sent = 150;
        SocketProbe bobs = connect(bob);
        SocketProbe alices = connect(alice);
        watch(alices, bob);

        for (int ref = 0; ref < sent; ref++) {
            alices.send(Frames.relay(bob, ref, "x"));
        }

        Set<Long> refused = new HashSet<>();
        alices.send(Frames.relay(newDevice(), sent, "end"));
        collectErrors(alices, refused);
        Set<Long> handed = new HashSet<>();
        while (handed.size() + refused.size() < sent) {
            handed.add(Frames.parse(bobs.nextFrame()).ref());
        }
        assertTrue(handed.size() >= 100, "handed " + handed.size());
        assertTrue(refused.size() >= 10, "refused " + refused.size());
        handed.retainAll(refused);
        assertTrue(handed.isEmpty(), "both handed and refused");
    }

    /** Frames are answered in their turn: with this one, everything before it has been decided. */
    private static void awaitDecided(SocketProbe probe) {
        probe.send(Frames.relay(newDevice(), 0, "to nobody"));
        assertEquals(Frames.NOT_HERE, Frames.parse(probe.nextFrame()).type());
    }

    private static void collectErrors(SocketProbe probe, Set<Long> refs) {
        while (true) {
            Object event = probe.nextEvent();
            if (event instanceof JsonObject error) {
                assertEquals("urn:mp2p:problem:rate-limited", error.getString("type"));
                refs.add(error.getLong("ref"));
            } else {
                assertEquals(Frames.NOT_HERE, Frames.parse((Buffer) event).type());
                return;
            }
        }
    }

    private double dropped(String reason) {
        return meters.get("mp2p.signaling.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private double count(String name) {
        return meters.get(name).counter().count();
    }
}
