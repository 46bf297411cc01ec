package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxTest;

/** Full mailboxes, made small by settings. */
@QuarkusTest
@TestProfile(QuotaTest.SmallBounds.class)
class QuotaTest extends MailboxTest {

    /** Six envelopes or 10 kB a mailbox. */
    public static class SmallBounds implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.mailbox.quota.envelopes", "6",
                    "mp2p.mailbox.quota.bytes", "10000");
        }
    }

    @Test
    void aFullMailboxRefusesWhatIsNewAndKeepsWhatWaits() {
        Device bob = newListedDevice();
        List<byte[]> first = envelopes(6, 100);

        assertEquals(stored(6), send(bob, bob, first).states());
        assertEquals(List.of("full"), send(bob, bob, envelopes(1, 100)).states());

        assertEquals(6, api.collect(bob).envelopes().size());
    }

    @Test
    void whatWaitsInAFullMailboxIsStillStored() {
        Device bob = newListedDevice();
        List<byte[]> first = envelopes(6, 100);
        send(bob, bob, first).is(200);

        assertEquals(
                List.of("stored", "full"),
                send(bob, bob, List.of(first.get(3), random(100))).states());
    }

    @Test
    void acknowledgingMakesRoom() {
        Device bob = newListedDevice();
        send(bob, bob, envelopes(6, 100)).is(200);
        api.ack(bob, api.collect(bob).ids().subList(0, 2)).is(204);

        assertEquals(
                List.of("stored", "stored", "full"),
                send(bob, bob, envelopes(3, 100)).states());
    }

    @Test
    void bytesFillAMailboxToo() {
        Device bob = newListedDevice();

        assertEquals(
                List.of("stored", "stored", "full"),
                send(bob, bob, List.of(random(5000), random(5000), random(1))).states());
    }

    @Test
    void nothingOvertakesWhatWasRefused() {
        Device bob = newListedDevice();

        assertEquals(
                List.of("stored", "full", "full"),
                send(bob, bob, List.of(random(6000), random(6000), random(1))).states());
    }

    @Test
    void strangersFillHalfAMailbox() {
        Device bob = newListedDevice();

        assertEquals(
                List.of("stored", "stored", "stored", "full"),
                send(newListedDevice(), bob, envelopes(4, 100)).states());
        assertEquals(
                List.of("full"), send(newListedDevice(), bob, envelopes(1, 100)).states());
        byte[] token = random(16);
        api.putDeliveryToken(bob, token).is(204);
        assertEquals(
                List.of("stored", "stored", "stored", "full"),
                deliver(bob, token, envelopes(4, 100)).states());
    }

    @Test
    void strangersFillHalfOfTheBytes() {
        Device bob = newListedDevice();

        assertEquals(
                List.of("stored", "full"),
                send(newListedDevice(), bob, List.of(random(5000), random(1))).states());
        assertEquals(stored(1), send(bob, bob, List.of(random(5000))).states());
    }

    @Test
    void strangersGetTheirHalfBackByAcknowledgement() {
        Device bob = newListedDevice();
        send(newListedDevice(), bob, envelopes(3, 100)).is(200);
        api.ack(bob, api.collect(bob).ids()).is(204);

        assertEquals(stored(3), send(newListedDevice(), bob, envelopes(3, 100)).states());
    }

    @Test
    void aFullDeviceIsRefusedAlone() {
        Device full = newListedDevice();
        Device empty = new Device(full.account(), newDeviceId());
        list(full.account(), 2, full.device(), empty.device());
        Addressed[] six = envelopes(6, 100).stream()
                .map(envelope -> Addressed.to(full, envelope))
                .toArray(Addressed[]::new);
        api.messages(full, full.account(), 2, six).is(200);

        Answer answer = api.messages(
                full, full.account(), 2, Addressed.to(full, random(100)), Addressed.to(empty, random(100)));

        assertEquals(List.of("full", "stored"), answer.states());
    }

    private Answer send(Device from, Device to, List<byte[]> envelopes) {
        return api.messages(from, to.account(), 1, addressed(to, envelopes));
    }

    private Answer deliver(Device to, byte[] token, List<byte[]> envelopes) {
        return api.deliver(to.account(), token, 1, addressed(to, envelopes));
    }

    private static Addressed[] addressed(Device to, List<byte[]> envelopes) {
        return envelopes.stream().map(envelope -> Addressed.to(to, envelope)).toArray(Addressed[]::new);
    }

    private static List<byte[]> envelopes(int count, int length) {
        return Stream.generate(() -> random(length)).limit(count).toList();
    }

    private static List<String> stored(int count) {
        return Stream.generate(() -> "stored").limit(count).toList();
    }
}
