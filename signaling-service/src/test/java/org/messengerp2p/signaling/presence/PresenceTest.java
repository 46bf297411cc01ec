package org.messengerp2p.signaling.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;

@QuarkusTest
class PresenceTest extends LiveSocketTest {

    private final Device alice = newDevice();
    private final Device bob = newDevice();
    private final Device bobsSecond = deviceOf(bob.account());

    @Inject
    DeviceBus bus;

    @Inject
    MeterRegistry meters;

    @Test
    void tellsEachWatchedAccountOnceAndThenItsChanges() {
        SocketProbe alices = connect(alice);
        alices.send(watchMessage(bob));
        assertPresence(alices, bob);

        SocketProbe first = connect(bob);
        assertPresence(alices, bob, bob);
        SocketProbe second = connect(bobsSecond);
        assertPresence(alices, bob, bob, bobsSecond);
        first.close();
        assertPresence(alices, bob, bobsSecond);
        second.close();
        assertPresence(alices, bob);
    }

    @Test
    void tellsADeviceOfItsOwnAccountsDevicesUnasked() {
        SocketProbe first = connect(bob);

        connect(bobsSecond);

        assertPresence(first, bob, bob, bobsSecond);
    }

    @Test
    void tellsNothingOfAnAccountThatIsNotWatchedAnyMore() {
        Device carol = newDevice();
        SocketProbe alices = connect(alice);
        watch(alices, bob);
        watch(alices, carol);

        connect(bob);
        connect(carol);

        assertPresence(alices, carol, carol);
    }

    @Test
    void watchingTheSameAccountAgainTellsNothingNew() {
        Device carol = newDevice();
        SocketProbe alices = connect(alice);
        watch(alices, bob);

        alices.send(watchMessage(bob, carol));

        assertPresence(alices, carol);
    }

    @Test
    void aNewerConnectionOfADeviceReplacesTheOlderWithoutAChangeForOthers() {
        SocketProbe alices = connect(alice);
        watch(alices, bob);
        SocketProbe older = connect(bob);
        assertPresence(alices, bob, bob);

        SocketProbe newer = connect(bob);

        assertEquals(4409, older.end().code());
        alices.send(Frames.relay(bob, 1, "to the newer"));
        assertEquals("to the newer", Frames.parse(newer.nextFrame()).text());
        newer.close();
        assertPresence(alices, bob);
    }

    @Test
    void passesAHintOfMailToThatDeviceAlone() {
        SocketProbe first = connect(bob);
        SocketProbe second = connect(bobsSecond);
        first.next("presence");

        bus.publish(new BusEvent.Mail(bob));

        assertEquals(new JsonObject().put("t", "mail"), first.nextMessage());
        assertTrue(second.pending().isEmpty());
    }

    @Test
    void measuresFromTheMomentAHintWasTold() throws InterruptedException {
        Timer latency = meters.get("mp2p.signaling.hint.latency").timer();
        long before = latency.count();
        SocketProbe bobs = connect(bob);

        bus.publish(new BusEvent.Mail(bob));
        bobs.next("mail");
        assertEquals(before, latency.count(), "who told it did not say when");
        bus.publish(new BusEvent.Mail(bob, Optional.of(Instant.now().minusSeconds(7))));
        bobs.next("mail");

        Eventually.isTrue("it is measured", () -> latency.count() == before + 1);
        assertTrue(latency.max(TimeUnit.SECONDS) >= 7, latency::toString);
    }

    @Test
    void passesALaterHintToo() {
        SocketProbe bobs = connect(bob);

        bus.publish(new BusEvent.Mail(bob));
        bobs.next("mail");
        bus.publish(new BusEvent.Mail(bob));

        bobs.next("mail");
    }

    @Test
    void cutsARevokedDevice() {
        SocketProbe bobs = connect(bob);
        SocketProbe second = connect(bobsSecond);

        bus.publish(new BusEvent.Revoked(bob));

        assertEquals(4401, bobs.end().code());
        assertPresence(second, bob, bobsSecond);
    }

    @Test
    void watchesNoMoreAccountsThanItsLimit() {
        SocketProbe alices = connect(alice);

        alices.send(watchMessage(devices(200)));
        for (int seen = 0; seen < 200; seen++) {
            alices.next("presence");
        }
        alices.send(watchMessage(devices(201)));

        assertEquals(1008, alices.end().code());
    }

    @Test
    void dropsWatchMessagesBeyondTheirRate() {
        SocketProbe alices = connect(alice);

        for (int tries = 0; tries < 11; tries++) {
            alices.send(watchMessage());
        }

        JsonObject error = alices.next("error");
        assertEquals("urn:mp2p:problem:rate-limited", error.getString("type"));
        assertFalse(error.containsKey("ref"));
    }

    @Test
    void countsOpenConnections() {
        SocketProbe alices = connect(alice);
        watch(alices, bob);
        double one = openConnections();
        SocketProbe bobs = connect(bob);
        assertPresence(alices, bob, bob);
        assertEquals(one + 1, openConnections());

        bobs.close();
        assertPresence(alices, bob);
        assertEquals(one, openConnections());
    }

    private double openConnections() {
        return meters.get("mp2p.signaling.connections").gauge().value();
    }

    private static Device[] devices(int count) {
        return IntStream.range(0, count).mapToObj(each -> newDevice()).toArray(Device[]::new);
    }

    private static void assertPresence(SocketProbe probe, Device ofAccount, Device... connected) {
        JsonObject presence = probe.next("presence");
        assertEquals(ofAccount.account().base64url(), presence.getString("account"));
        assertEquals(
                Set.of(connected).stream()
                        .map(device -> device.device().value())
                        .collect(Collectors.toSet()),
                presence.getJsonArray("devices").stream()
                        .map(number -> ((Number) number).longValue())
                        .collect(Collectors.toSet()));
    }
}
