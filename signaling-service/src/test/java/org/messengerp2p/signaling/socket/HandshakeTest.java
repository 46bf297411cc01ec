package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

@QuarkusTest
class HandshakeTest extends LiveSocketTest {

    private final Device alice = newDevice();

    @Test
    void saysHelloFirstWithTheTimeAndTheLimits() {
        long before = System.currentTimeMillis();

        try (SocketProbe socket = SocketProbe.open(ws(), token(alice))) {
            JsonObject hello = socket.nextMessage();

            assertEquals("hello", hello.getString("t"));
            assertEquals(alice.device().value(), hello.getLong("device"));
            assertEquals(25, hello.getInteger("ping_s"));
            assertEquals(65_536, hello.getInteger("max_frame"));
            assertTrue(hello.getLong("now_ms") >= before);
            assertEquals("bearer-token-carrier", socket.subprotocol());
        }
    }

    @Test
    void refusesASocketWithoutToken() {
        assertEquals(401, refusal(null));
    }

    @Test
    void refusesAForgedToken() {
        assertEquals(401, refusal(TestTokens.forged(alice, Audience.SIGNALING)));
    }

    @Test
    void refusesAnExpiredToken() {
        assertEquals(401, refusal(TestTokens.access(alice, Audience.SIGNALING, Duration.ofSeconds(-5))));
    }

    @Test
    void refusesATokenOfAnotherServiceAsOneThatIsWorthNothing() {
        assertEquals(401, refusal(TestTokens.access(alice, Audience.MAILBOX)));
        assertEquals(401, refusal(TestTokens.access(alice, Audience.AUTH_REVOKED)));
        assertEquals(401, refusal(TestTokens.pending(alice.account())));
    }

    @Test
    void answersARefusalAsTheCallsOfRestDo() throws IOException {
        RawSocket.Refusal none = answer(null);

        assertEquals("HTTP/1.1 401 Unauthorized", none.status());
        assertEquals("application/problem+json", none.headers().get("content-type"));
        assertEquals("Bearer", none.headers().get("www-authenticate"));
        assertEquals("urn:mp2p:problem:token-invalid", new JsonObject(none.body()).getString("type"));
        assertEquals(none, answer(TestTokens.access(alice, Audience.MAILBOX)));
        assertEquals(none, answer(TestTokens.pending(alice.account())));
        assertEquals(none, answer(TestTokens.forged(alice, Audience.SIGNALING)));
        assertEquals(none, answer("no token at all"));

        RawSocket.Refusal otherPage = RawSocket.refusal(ws(), token(alice), "https://evil.example");
        assertEquals("HTTP/1.1 403 Forbidden", otherPage.status());
        assertEquals("urn:mp2p:problem:forbidden", new JsonObject(otherPage.body()).getString("type"));
    }

    @Test
    void refusesAPageOfAnotherOrigin() {
        assertEquals(403, SocketProbe.refusal(ws(), token(alice), "https://evil.example"));
        assertEquals(403, SocketProbe.refusal(ws(), token(alice), "null"));
        assertEquals(403, SocketProbe.refusal(ws(), token(alice), "http://" + ws().getHost() + ":1"));
    }

    @Test
    void refusesARequestWithoutOrigin() {
        assertEquals(403, SocketProbe.refusal(ws(), token(alice), null));
    }

    @Test
    void refusesWhatIsNoHandshake() throws IOException {
        assertNoHandshake("Upgrade: websocket", "Upgrade: other");
        assertNoHandshake("Upgrade: websocket\r\n", "");
        assertNoHandshake("Connection: Upgrade", "Connection: keep-alive");
        assertNoHandshake("Connection: Upgrade", "Connection: no-upgrade");
    }

    private void assertNoHandshake(String part, String instead) throws IOException {
        RawSocket.Refusal refusal = RawSocket.refusal(
                ws(), token(alice), SocketProbe.originOf(ws()), handshake -> handshake.replace(part, instead));
        assertEquals("HTTP/1.1 400 Bad Request", refusal.status(), instead);
        assertEquals("urn:mp2p:problem:malformed", new JsonObject(refusal.body()).getString("type"));
    }

    private RawSocket.Refusal answer(String token) throws IOException {
        return RawSocket.refusal(ws(), token, SocketProbe.originOf(ws()));
    }

    private int refusal(String token) {
        return SocketProbe.refusal(ws(), token, SocketProbe.originOf(ws()));
    }
}
