package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.PublishedKeys;
import org.messengerp2p.kit.identity.TokenSettings;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

@QuarkusTest
class ReauthenticationTest extends LiveSocketTest {

    /** A token ends with a whole second, so it may live a second less. */
    private static final Duration SHORT = Duration.ofSeconds(6);

    private final Device alice = newDevice();
    private final Device sibling = deviceOf(alice.account());

    @Inject
    Vertx vertx;

    @Inject
    TokenSettings tokens;

    @Test
    void asksForATokenBeforeTheOldOneEndsAndClosesWithIt() {
        SocketProbe socket = connect(alice, shortLived(alice));

        JsonObject asked = socket.next("reauth");

        long left = asked.getLong("by_ms") - System.currentTimeMillis();
        assertTrue(left > 0 && left <= SHORT.toMillis(), "ends in " + left + " ms");
        assertEquals(4401, socket.end().code());
    }

    @Test
    void aGoodTokenKeepsTheConnectionBeyondTheOldOne() {
        SocketProbe renewed = connect(alice, shortLived(alice));
        renewed.send(reauth(token(alice)));
        SocketProbe left = connect(sibling, shortLived(sibling));

        assertEquals(4401, left.end().code());

        renewed.send(Frames.relay(alice, 1, "still here"));
        assertEquals("still here", Frames.parse(renewed.nextFrame()).text());
    }

    @Test
    void aTokenThatIsNotOfThisDeviceForThisServiceEndsTheConnection() {
        refusesReauthBy(TestTokens.access(alice, Audience.MAILBOX));
        refusesReauthBy(TestTokens.access(alice, Audience.SIGNALING, Duration.ofSeconds(-5)));
        refusesReauthBy(TestTokens.forged(alice, Audience.SIGNALING));
        refusesReauthBy(token(sibling));
        refusesReauthBy(token(newDevice()));
        refusesReauthBy("no token at all");
    }

    @Test
    void aTokenThatCannotBeJudgedYetIsToldAndEndsNothing() {
        SocketProbe socket = connect(alice);
        // Which have not been read.
        QuarkusMock.installMockForType(new PublishedKeys(vertx, tokens), PublishedKeys.class);

        socket.send(reauth(token(alice)));

        assertEquals("urn:mp2p:problem:unavailable", socket.next("error").getString("type"));
        socket.send(Frames.relay(alice, 1, "still here"));
        assertEquals("still here", Frames.parse(socket.nextFrame()).text());
    }

    @Test
    void dropsReauthMessagesBeyondTheirRate() {
        SocketProbe socket = connect(alice);

        for (int tries = 0; tries < 11; tries++) {
            socket.send(reauth(token(alice)));
        }

        assertEquals("urn:mp2p:problem:rate-limited", socket.next("error").getString("type"));
    }

    private void refusesReauthBy(String token) {
        SocketProbe socket = connect(alice);
        socket.send(reauth(token));
        assertEquals(4401, socket.end().code());
    }

    private static String shortLived(Device device) {
        return TestTokens.access(device, Audience.SIGNALING, SHORT);
    }

    private static JsonObject reauth(String token) {
        return new JsonObject().put("t", "reauth").put("token", token);
    }
}
