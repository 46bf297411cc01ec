package org.messengerp2p.mailbox.collection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.MailboxTest;

@QuarkusTest
class CollectionTest extends MailboxTest {

    @Test
    void anEmptyMailboxIsDrained() {
        Answer page = api.collect(newListedDevice());

        assertEquals(List.of(), page.ids());
        assertTrue(page.drained());
        assertNull(page.next());
        assertEquals(0, page.expired());
    }

    @Test
    void namesAnEnvelopeByItsIdOfTheProtocol() {
        Device bob = newListedDevice();
        byte[] envelope = store(bob, 1).get(0);

        assertEquals(
                List.of(EnvelopeId.of(envelope).base64url()), api.collect(bob).ids());
    }

    @Test
    void pagesInOrderOfArrival() {
        Device bob = newListedDevice();
        List<byte[]> stored = store(bob, 250);

        List<byte[]> collected = new ArrayList<>();
        Answer page = api.collect(bob);
        collected.addAll(page.envelopes());
        while (!page.drained()) {
            page = api.collect(bob, page.next(), 100);
            collected.addAll(page.envelopes());
        }

        assertEquals(50, page.ids().size());
        assertSame(stored, collected);
    }

    @Test
    void aPageEndsBeforeItIsTooLong() {
        Device bob = newListedDevice();
        List<byte[]> longest = store(bob, 51, 40_960);

        Answer page = api.collect(bob);
        Answer last = api.collect(bob, page.next(), 100);

        assertSame(longest.subList(0, 50), page.envelopes());
        assertFalse(page.drained());
        assertSame(longest.subList(50, 51), last.envelopes());
        assertTrue(last.drained());
    }

    @Test
    void aFullLastPageIsDrained() {
        Device bob = newListedDevice();
        store(bob, 3);

        assertTrue(api.collect(bob, null, 3).drained());
        assertFalse(api.collect(bob, null, 2).drained());
    }

    @Test
    void keepsWhatIsNotAcknowledged() {
        Device bob = newListedDevice();
        List<byte[]> stored = store(bob, 5);

        Answer first = api.collect(bob);
        assertSame(stored, api.collect(bob).envelopes());
        api.ack(bob, first.ids().subList(1, 3)).is(204);

        assertSame(
                List.of(stored.get(0), stored.get(3), stored.get(4)),
                api.collect(bob).envelopes());
    }

    @Test
    void ignoresIdsThatAreNotKnownAndRepeatedAcknowledgements() {
        Device bob = newListedDevice();
        store(bob, 2);
        List<String> ids = new ArrayList<>(api.collect(bob).ids());
        ids.add(MailboxApi.base64url(random(16)));

        api.ack(bob, ids).is(204);
        api.ack(bob, ids).is(204);
        api.ack(bob, List.of()).is(204);

        assertEquals(List.of(), api.collect(bob).ids());
    }

    @Test
    void noDeviceCollectsOrAcknowledgesForAnother() {
        Device bob = newListedDevice();
        store(bob, 1);
        Device ownOther = new Device(bob.account(), newDeviceId());
        list(bob.account(), 2, bob.device(), ownOther.device());
        Device foreign = newListedDevice();
        Device sameNumber = new Device(foreign.account(), bob.device());
        list(foreign.account(), 2, sameNumber.device());
        List<String> ids = api.collect(bob).ids();

        for (Device other : List.of(ownOther, sameNumber)) {
            assertEquals(List.of(), api.collect(other).ids());
            api.ack(other, ids).is(204);
        }

        assertEquals(ids, api.collect(bob).ids());
    }

    @Test
    void asksAuthBeforeItRefusesADevice() {
        Device bob = newDevice();
        authKnows(bob.account(), 4, bob.device());

        assertTrue(api.collect(bob).drained());
    }

    @Test
    void refusesADeviceThatIsNotListedWhateverItsTokenSays() {
        Device bob = newListedDevice();
        Device unlisted = new Device(bob.account(), newDeviceId());
        authKnows(bob.account(), 1, bob.device());

        api.collect(unlisted).isProblem(401, "device-revoked");
        api.ack(unlisted, List.of()).isProblem(401, "device-revoked");

        assertEquals(1, questionsAbout(bob.account()));
    }

    @Test
    void tellsNoDeviceThatItIsRevokedWhileAuthCannotBeAsked() {
        Device bob = newDevice();
        authFails(bob.account());

        api.collect(bob).isProblem(503, "unavailable");
    }

    @Test
    void refusesCursorsAndLimitsThatItDidNotGive() {
        Device bob = newListedDevice();

        for (String query : List.of(
                "after=x",
                "after=" + MailboxApi.base64url(random(7)),
                "limit=0",
                "limit=101",
                "limit=ten",
                "limit=-1",
                "after=_________________")) {
            api.get("collect?" + query, MailboxApi.tokenOf(bob)).isProblem(400, "malformed");
        }
    }

    @Test
    void aRowThatNoKeyOpensBlocksNothing() {
        Device bob = newListedDevice();
        List<byte[]> stored = store(bob, 110);
        update("update envelope set sealed = '\\x00' where account = '"
                + bob.account().value() + "' and position <= 105");

        Answer page = api.collect(bob);

        assertSame(stored.subList(105, 110), page.envelopes());
        assertTrue(page.drained());
    }

    private List<byte[]> store(Device to, int count) {
        return store(to, count, 200);
    }

    private List<byte[]> store(Device to, int count, int bytes) {
        List<byte[]> envelopes =
                Stream.generate(() -> random(bytes)).limit(count).toList();
        int atOnce = Math.min(64, (1 << 20) / bytes);
        for (int from = 0; from < count; from += atOnce) {
            Addressed[] part = envelopes.subList(from, Math.min(count, from + atOnce)).stream()
                    .map(envelope -> Addressed.to(to, envelope))
                    .toArray(Addressed[]::new);
            api.messages(to, to.account(), 1, part).is(200);
        }
        return envelopes;
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i));
        }
    }
}
