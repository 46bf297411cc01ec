package org.messengerp2p.standalone.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.AccountClient.Tokens;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/** One list without it, and a device has nothing any more, in any service. */
@QuarkusTest
class RemovedDeviceTest extends RemovalTest {
    @Test
    @Timeout(120)
    void hasNothingAnyMore() throws Exception {
        SignedIn other = accounts.newcomer();
        SignedIn person = accounts.newcomer();
        TestAccount account = person.account();
        Second second = addDevice(account);
        TestDevice device = second.device();
        Tokens tokens = accounts.tokens(device);
        expect(200, leaveAnEnvelope(other, account, 2, account.device(), device));
        Pattern itsId = Pattern.compile("(?<!\\d)" + device.id().value() + "(?!\\d)");
        assertTrue(traces.places(itsId)
                .containsAll(Set.of("auth device", "auth prekey", "mailbox mailbox", "mailbox envelope")));

        try (SocketProbe socket = socket(tokens.signaling())) {
            socket.next("presence");

            expect(
                    200,
                    accounts.putDevices(
                            person.tokens().auth(), account.listAfter(second.list(), account.device()), null));

            endsItsTokens(tokens);
            assertEquals(4401, socket.end().code());
        }
        try (SocketProbe again = socket(tokens.signaling())) {
            assertEquals(4401, again.end().code());
        }
        assertEquals(
                Set.of("auth device", "auth revoked_device"),
                traces.places(itsId),
                "that it was listed once, so that its id is never another's");
        assertEquals(
                1, expect(200, bundle(other, account)).body().path("devices").size());
        Answer refresh = accounts.refresh(device);
        assertEquals("device-revoked", refresh.problem());
        assertTrue(refresh.body().hasNonNull("token"));
        expect(200, rest.get(MAILBOX + "/collect", person.tokens().mailbox()));
    }

    private void endsItsTokens(Tokens tokens) {
        Map<String, Object> list = Map.of("ids", List.of());
        for (Answer answer : List.of(
                rest.get(AUTH + "/vault", tokens.auth()),
                rest.get(KEYS + "/prekeys/digest", tokens.auth()),
                rest.get(MAILBOX + "/collect", tokens.mailbox()),
                rest.post(MAILBOX + "/ack", tokens.mailbox(), list))) {
            assertEquals("device-revoked", answer.problem(), answer.body().toString());
        }
    }
}
