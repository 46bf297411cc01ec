package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.bus.Topic;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxTest;

@QuarkusTest
class DeliveryTest extends MailboxTest {

    @Inject
    DeviceBus bus;

    @Test
    void storesForEachDeviceInTheOrderOfTheRequest() {
        Device first = newListedDevice();
        Device second = new Device(first.account(), newDeviceId());
        list(first.account(), 2, first.device(), second.device());
        byte[] one = random(100);
        byte[] two = random(200);
        byte[] other = random(300);

        Answer answer = api.messages(
                newListedDevice(),
                first.account(),
                2,
                Addressed.to(first, one),
                Addressed.to(second, other),
                Addressed.to(first, two));

        assertEquals(List.of("stored", "stored", "stored"), answer.states());
        assertEquals(
                first.device().value(), answer.body().at("/results/0/device_id").asLong());
        assertEquals(
                second.device().value(),
                answer.body().at("/results/1/device_id").asLong());
        assertEnvelopes(first, one, two);
        assertEnvelopes(second, other);
    }

    @Test
    void takesTheWholeSubsetOrAnyPartOfTheListedDevices() {
        Device first = newListedDevice();
        list(first.account(), 2, first.device(), newDeviceId(), newDeviceId());

        assertEquals(List.of("stored"), send(first, 2, random(50)).states());
    }

    @Test
    void storesNothingTwice() {
        Device bob = newListedDevice();
        byte[] envelope = random(1000);

        assertEquals(List.of("stored"), send(bob, 1, envelope).states());
        assertEquals(List.of("stored"), send(bob, 1, envelope).states());
        assertEquals(
                List.of("stored", "stored"), send(bob, 1, envelope, envelope).states());

        assertEnvelopes(bob, envelope);
    }

    @Test
    void storesOnceWhatOneRequestBringsTwice() {
        Device bob = newListedDevice();
        byte[] envelope = random(1000);
        byte[] next = random(1000);

        assertEquals(
                List.of("stored", "stored", "stored"),
                send(bob, 1, envelope, envelope, next).states());

        assertEnvelopes(bob, envelope, next);
    }

    @Test
    void theSameEnvelopeForTwoDevicesIsTwo() {
        Device first = newListedDevice();
        Device second = new Device(first.account(), newDeviceId());
        list(first.account(), 2, first.device(), second.device());
        byte[] envelope = random(64);

        api.messages(
                        newListedDevice(),
                        first.account(),
                        2,
                        Addressed.to(first, envelope),
                        Addressed.to(second, envelope))
                .is(200);

        assertEnvelopes(first, envelope);
        assertEnvelopes(second, envelope);
    }

    @Test
    void aListThatIsNotTheNewestStoresNothing() {
        Device bob = newListedDevice();
        list(bob.account(), 3, bob.device());

        Answer refused = send(bob, 2, random(10)).isProblem(409, "list-version");

        assertEquals(3, refused.body().path("list_version").asLong());
        assertEnvelopes(bob);
        assertEquals(0, questionsAbout(bob.account()), "auth-service cannot make an old list new");
    }

    @Test
    void aDeviceThatTheListLacksStoresNothingForTheOthersEither() {
        Device bob = newListedDevice();

        Answer refused = api.messages(
                        newListedDevice(),
                        bob.account(),
                        1,
                        Addressed.to(bob, random(10)),
                        new Addressed(newDeviceId(), random(10)))
                .isProblem(409, "list-version");

        assertEquals(1, refused.body().path("list_version").asLong());
        assertEnvelopes(bob);
    }

    @Test
    void asksAuthBeforeItRefusesANewerList() {
        Device bob = newListedDevice();
        Device newer = new Device(bob.account(), newDeviceId());
        authKnows(bob.account(), 2, bob.device(), newer.device());

        assertEquals(
                List.of("stored"),
                api.messages(newListedDevice(), bob.account(), 2, Addressed.to(newer, random(10)))
                        .states());
    }

    @Test
    void aSenderThatTheListItMadeKnownLacksIsRefused() {
        Device gone = newListedDevice();
        Device kept = new Device(gone.account(), newDeviceId());
        authKnows(gone.account(), 2, kept.device());

        api.messages(gone, gone.account(), 2, Addressed.to(kept, random(10))).isProblem(401, "device-revoked");

        assertEnvelopes(kept);
    }

    @Test
    void asksAuthOnceHoweverManyRefuse() throws Exception {
        Device bob = newListedDevice();
        Device alice = newListedDevice();
        authKnows(bob.account(), 1, bob.device());

        List<Answer> refused = Collections.synchronizedList(new ArrayList<>());
        List<Thread> senders = Stream.generate(() -> new Thread(
                        () -> refused.add(api.messages(alice, bob.account(), 7, Addressed.to(bob, random(10))))))
                .limit(8)
                .toList();
        senders.forEach(Thread::start);
        for (Thread sender : senders) {
            sender.join();
        }

        assertEquals(8, refused.size());
        refused.forEach(answer -> answer.isProblem(409, "list-version"));
        assertEquals(1, questionsAbout(bob.account()));
    }

    @Test
    void learnsAnUnknownAccountFromAuth() {
        Device bob = newDevice();
        authKnows(bob.account(), 5, bob.device());

        assertEquals(List.of("stored"), send(bob, 5, random(10)).states());
    }

    @Test
    void anAccountThatAuthDoesNotKnowEitherIsNotFound() {
        send(newDevice(), 1, random(10)).isProblem(404, "not-found");
    }

    @Test
    void refusesNobodyWhileAuthCannotBeAsked() {
        Device bob = newListedDevice();
        authFails(bob.account());
        Device unknown = newDevice();
        authFails(unknown.account());

        Answer newerList = send(bob, 2, random(10)).isProblem(503, "unavailable");
        send(unknown, 1, random(10)).isProblem(503, "unavailable");

        assertEquals("2", newerList.headers().firstValue("Retry-After").orElse(""));
    }

    @Test
    void deliversByTokenWithoutSigningIn() {
        Device bob = newListedDevice();
        byte[] token = random(16);
        api.putDeliveryToken(bob, token).is(204);
        byte[] envelope = random(500);

        assertEquals(
                List.of("stored"),
                api.deliver(bob.account(), token, 1, Addressed.to(bob, envelope))
                        .states());
        assertEnvelopes(bob, envelope);
    }

    @Test
    void checksTheDeliveryTokenBeforeTheListVersion() {
        Device bob = newListedDevice();
        byte[] token = random(16);
        api.putDeliveryToken(bob, token).is(204);

        api.deliver(bob.account(), random(16), 9, Addressed.to(bob, random(10))).isProblem(401, "delivery-token");
        api.deliver(bob.account(), token, 9, Addressed.to(bob, random(10))).isProblem(409, "list-version");
        assertEnvelopes(bob);
    }

    @Test
    void anUnknownAccountAnswersLikeAWrongToken() {
        Device bob = newListedDevice();
        Device unknown = newDevice();
        authKnows(unknown.account(), 1, unknown.device());

        Answer known = api.deliver(bob.account(), random(16), 1, Addressed.to(bob, random(10)));
        Answer absent = api.deliver(unknown.account(), random(16), 1, Addressed.to(unknown, random(10)));

        known.isProblem(401, "delivery-token");
        absent.isProblem(401, "delivery-token");
        assertEquals(known.body(), absent.body());
        assertEquals(0, questionsAbout(unknown.account()), "whoever guesses must not make work for auth-service");
    }

    @Test
    void aNewDeliveryTokenEndsTheOldOne() {
        Device bob = newListedDevice();
        byte[] old = random(16);
        api.putDeliveryToken(bob, old).is(204);

        api.putDeliveryToken(bob, random(16)).is(204);

        api.deliver(bob.account(), old, 1, Addressed.to(bob, random(10))).isProblem(401, "delivery-token");
    }

    @Test
    void tellsTheBusOfAnotherDeliveryTokenOnly() {
        Device bob = newListedDevice();
        byte[] token = random(16);
        List<BusEvent> heard = hear(Topic.of(bob.account()));

        api.putDeliveryToken(bob, token).is(204);
        api.putDeliveryToken(bob, token).is(204);

        long told = heard.stream()
                .filter(new BusEvent.NewDeliveryToken(bob.account())::equals)
                .count();
        assertEquals(1, told);
    }

    @Test
    void hintsEachDeviceAfterTheCommitAndSaysWhen() {
        Device bob = newListedDevice();
        Instant before = Instant.now().minusMillis(1);
        List<Instant> told = Collections.synchronizedList(new ArrayList<>());
        List<Integer> waitingAtTheHint = Collections.synchronizedList(new ArrayList<>());
        bus.subscribe(Topic.of(bob), event -> {
            if (event instanceof BusEvent.Mail mail) {
                told.add(mail.told().orElseThrow());
                waitingAtTheHint.add((int) number("select count(*)::text from envelope where account = '"
                        + bob.account().value() + "'"));
            }
        });

        send(bob, 1, random(10), random(10)).is(200);

        assertEquals(List.of(2), waitingAtTheHint);
        assertEquals(1, told.size());
        assertTrue(told.get(0).isAfter(before) && !told.get(0).isAfter(Instant.now()), told::toString);
    }

    @Test
    void refusesASenderThatItsAccountHasRemoved() {
        Device bob = newListedDevice();
        Device alice = newListedDevice();
        DeviceId left = newDeviceId();
        list(alice.account(), 2, left);
        authKnows(alice.account(), 2, left);

        api.messages(alice, bob.account(), 1, Addressed.to(bob, random(10))).isProblem(401, "device-revoked");
        api.putDeliveryToken(alice, random(16)).isProblem(401, "device-revoked");
        assertEnvelopes(bob);
    }

    @Test
    void aDeviceThatWasAddedJustNowMaySend() {
        Device bob = newListedDevice();
        Device alice = newDevice();
        authKnows(alice.account(), 1, alice.device());

        api.messages(alice, bob.account(), 1, Addressed.to(bob, random(10))).is(200);
    }

    private Answer send(Device to, long listVersion, byte[]... envelopes) {
        Addressed[] addressed =
                Stream.of(envelopes).map(envelope -> Addressed.to(to, envelope)).toArray(Addressed[]::new);
        return api.messages(newListedDevice(), to.account(), listVersion, addressed);
    }

    private List<BusEvent> hear(Topic topic) {
        List<BusEvent> heard = Collections.synchronizedList(new ArrayList<>());
        bus.subscribe(topic, heard::add);
        return heard;
    }

    private void assertEnvelopes(Device device, byte[]... expected) {
        Answer collected = api.collect(device);
        List<byte[]> envelopes = collected.envelopes();
        assertEquals(expected.length, envelopes.size());
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], envelopes.get(i));
        }
        assertTrue(collected.drained());
    }
}
