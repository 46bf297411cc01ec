package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.testkit.TestTokens;

/** Sizes, forms and tokens that are refused before anything is looked up. */
@QuarkusTest
class BoundsTest extends MailboxTest {

    @Test
    void takesTheLargestEnvelopeAndTheMostEnvelopes() {
        Device bob = newListedDevice();

        assertEquals(List.of("stored"), send(bob, random(40_960)).states());
        assertEquals(64, send(bob, many(64, 16_384)).states().size());
    }

    @Test
    void refusesWhatIsOneLarger() {
        Device bob = newListedDevice();

        send(bob, random(40_961)).isProblem(413, "too-large");
        send(bob, many(65, 10)).isProblem(413, "too-large");
        byte[][] oneMebibyteAndOne = many(64, 16_384);
        oneMebibyteAndOne[63] = random(16_385);
        send(bob, oneMebibyteAndOne).isProblem(413, "too-large");
        assertEquals(0, api.collect(bob).envelopes().size());
    }

    @Test
    void refusesABodyThatNoRequestNeeds() {
        String body = "{\"to\":\"" + "A".repeat(3_000_000) + "\"}";

        api.post("deliver", null, body).isProblem(413, "too-large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"to\":1}",
                "nonsense",
                "{} {}",
            })
    void refusesWhatIsNotARequest(String body) {
        api.post("deliver", null, body).isProblem(400, "malformed");
        api.post("messages", MailboxApi.tokenOf(newListedDevice()), body).isProblem(400, "malformed");
        api.post("ack", MailboxApi.tokenOf(newListedDevice()), body).isProblem(400, "malformed");
    }

    @Test
    void refusesEachFieldThatIsNotOfItsForm() {
        refuses(body -> body.put("to", "short"));
        refuses(body -> body.put("to", MailboxApi.base64url(random(17))));
        refuses(body -> body.remove("to"));
        refuses(body -> body.put("token", MailboxApi.base64url(random(15))));
        refuses(body -> body.put("token", "!"));
        refuses(body -> body.putNull("token"));
        refuses(body -> body.remove("list_version"));
        refuses(body -> body.put("list_version", 0));
        refuses(body -> body.put("list_version", 1L << 32));
        refuses(body -> body.put("list_version", "one"));
        refuses(body -> body.remove("envelopes"));
        refuses(body -> body.putArray("envelopes"));
        refuses(body -> body.putArray("envelopes").addNull());
        refuses(body -> envelope(body).put("device_id", 0));
        refuses(body -> envelope(body).put("device_id", 1L << 32));
        refuses(body -> envelope(body).remove("device_id"));
        refuses(body -> envelope(body).put("envelope", ""));
        refuses(body -> envelope(body).put("envelope", "AA="));
        refuses(body -> envelope(body).put("envelope", "A+/A"));
        refuses(body -> envelope(body).remove("envelope"));
    }

    @Test
    void acknowledgesAtMostTwoHundred() {
        Device bob = newListedDevice();
        List<String> ids = Stream.generate(() -> MailboxApi.base64url(random(16)))
                .limit(201)
                .toList();

        api.ack(bob, ids).isProblem(413, "too-large");
        api.ack(bob, ids.subList(0, 200)).is(204);
        api.ack(bob, List.of("not an id")).isProblem(400, "malformed");
        api.ack(bob, List.of(MailboxApi.base64url(random(15)))).isProblem(400, "malformed");
    }

    @Test
    void wantsATokenOfThisServiceForAllButDeliver() {
        Device bob = newListedDevice();
        String body = MailboxApi.batch(bob.account(), 1, Addressed.to(bob, random(10)))
                .toString();

        for (String call : List.of("messages", "ack")) {
            api.post(call, null, body).isProblem(401, "token-invalid");
            api.post(call, TestTokens.forged(bob, Audience.MAILBOX), body).isProblem(401, "token-invalid");
            api.post(call, TestTokens.access(bob, Audience.AUTH), body).isProblem(401, "token-invalid");
            api.post(call, TestTokens.access(bob, Audience.MAILBOX, Duration.ofMinutes(-2)), body)
                    .isProblem(401, "token-invalid");
        }
        api.get("collect", null).isProblem(401, "token-invalid");
        api.get("collect", TestTokens.access(bob, Audience.SIGNALING)).isProblem(401, "token-invalid");
    }

    @Test
    void takesJsonOnly() {
        String token = MailboxApi.tokenOf(newListedDevice());

        api.post("deliver", null, "text/plain", "{}").isProblem(415, "media-type");
        api.post("ack", token, "application/cbor", "{}").isProblem(415, "media-type");
    }

    @Test
    void keepsNoAnswerInACache() {
        Device bob = newListedDevice();

        String collected =
                api.collect(bob).headers().firstValue("Cache-Control").orElse("");

        assertTrue(collected.contains("no-store"), collected);
    }

    private void refuses(Consumer<ObjectNode> change) {
        Device bob = newListedDevice();
        ObjectNode body = MailboxApi.batch(bob.account(), 1, Addressed.to(bob, random(10)));
        body.put("token", MailboxApi.base64url(random(16)));
        change.accept(body);

        api.post("deliver", null, body.toString()).isProblem(400, "malformed");
    }

    private static ObjectNode envelope(ObjectNode body) {
        return (ObjectNode) body.path("envelopes").path(0);
    }

    private Answer send(Device to, byte[]... envelopes) {
        Addressed[] addressed =
                Stream.of(envelopes).map(envelope -> Addressed.to(to, envelope)).toArray(Addressed[]::new);
        return api.messages(newListedDevice(), to.account(), 1, addressed);
    }

    private static byte[][] many(int count, int length) {
        return Stream.generate(() -> random(length)).limit(count).toArray(byte[][]::new);
    }
}
