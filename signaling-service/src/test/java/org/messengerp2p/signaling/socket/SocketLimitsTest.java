package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

@QuarkusTest
@TestProfile(SocketLimitsTest.WithFew.class)
class SocketLimitsTest extends LiveSocketTest {

    private static final int BY_ACCOUNT = 2;
    private static final int BY_ADDRESS = 4;
    private static final int IN_ALL = 6;
    private static final int HANDSHAKES_BY_ACCOUNT = 6;

    /** Of the loopback network, from which the other tests come too. */
    private static final int HANDSHAKES_BY_ADDRESS = 100;

    @Inject
    MeterRegistry meters;

    public static class WithFew implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.signaling.limits.sockets-by-account", String.valueOf(BY_ACCOUNT),
                    "mp2p.signaling.limits.sockets-by-address", String.valueOf(BY_ADDRESS),
                    "mp2p.signaling.limits.sockets", String.valueOf(IN_ALL),
                    "mp2p.signaling.limits.handshakes-by-account", HANDSHAKES_BY_ACCOUNT + "/PT1H",
                    "mp2p.signaling.limits.handshakes-by-address", HANDSHAKES_BY_ADDRESS + "/PT1H");
        }
    }

    @BeforeEach
    void awaitTheEndOfOthers() throws InterruptedException {
        awaitOpen(0);
    }

    @Test
    void refusesFurtherSocketsOfAnAccountUntilOneIsGone() throws Exception {
        AccountId account = newDevice().account();
        SocketProbe first = connect(deviceOf(account));
        connect(deviceOf(account));

        assertLimited(RawSocket.refusal(ws(), token(deviceOf(account)), origin()), "busy");
        connect(newDevice());

        first.close();
        awaitOpen(2);
        connect(deviceOf(account));
    }

    @Test
    void refusesFurtherSocketsFromAnAddress() throws Exception {
        for (int open = 0; open < BY_ADDRESS; open++) {
            connect(newDevice());
        }

        assertLimited(RawSocket.refusal(ws(), token(newDevice()), origin()), "busy");
        try (RawSocket neighbour = RawSocket.open(ws(), token(newDevice()), "127.0.0.2")) {
            neighbour.text("hello");
        }
    }

    @Test
    void refusesAnAccountThatAsksTooOften() throws Exception {
        AccountId account = newDevice().account();
        for (int asked = 0; asked < HANDSHAKES_BY_ACCOUNT; asked++) {
            RawSocket.open(ws(), token(deviceOf(account))).close();
            awaitOpen(0);
        }

        assertLimited(RawSocket.refusal(ws(), token(deviceOf(account)), origin()), "rate-limited");
        connect(newDevice());
    }

    @Test
    void refusesEverybodyWhileAllSocketsAreTaken() throws Exception {
        List<RawSocket> open = new ArrayList<>();
        try {
            while (open.size() < IN_ALL) {
                open.add(RawSocket.open(ws(), token(newDevice()), "127.0.1." + (1 + open.size())));
            }

            assertRefused(
                    RawSocket.refusalFrom("127.0.1.99", ws(), token(newDevice())),
                    "HTTP/1.1 503 Service Unavailable",
                    "unavailable");

            open.get(0).close();
            awaitOpen(IN_ALL - 1);
            connect(newDevice());
        } finally {
            for (RawSocket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void refusesANetworkThatAsksTooOftenWithATokenOrWithout() throws Exception {
        for (int asked = 0; asked < HANDSHAKES_BY_ADDRESS; asked++) {
            String neighbour = "127.0.2." + (1 + asked);
            assertEquals(
                    "HTTP/1.1 401 Unauthorized",
                    RawSocket.refusalFrom(neighbour, ws(), null).status());
        }

        assertLimited(RawSocket.refusalFrom("127.0.2.1", ws(), token(newDevice())), "rate-limited");
        connect(newDevice());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Version", "Connection"})
    void aHandshakeThatLacksAHeaderIsNotCountedAsASocket(String header) throws Exception {
        Device device = newDevice();
        for (int asked = 0; asked < BY_ACCOUNT; asked++) {
            RawSocket.Refusal answer = RawSocket.refusal(
                    ws(), token(device), origin(), handshake -> handshake.replaceFirst(header + ": [^\r]+\r\n", ""));
            assertEquals("HTTP/1.1 400 Bad Request", answer.status());
            assertEquals("urn:mp2p:problem:malformed", new JsonObject(answer.body()).getString("type"));
        }
        assertEquals(0, meters.get("mp2p.signaling.sockets").gauge().value());
    }

    @Test
    void aRefusedHandshakeTakesNoRoom() throws Exception {
        for (int refused = 0; refused < BY_ADDRESS; refused++) {
            assertEquals(
                    "HTTP/1.1 401 Unauthorized",
                    RawSocket.refusal(ws(), TestTokens.forged(newDevice(), Audience.SIGNALING), origin())
                            .status());
        }

        awaitOpen(0);
        connect(newDevice());
    }

    private void assertLimited(RawSocket.Refusal answer, String slug) {
        assertRefused(answer, "HTTP/1.1 429 Too Many Requests", slug);
    }

    private void assertRefused(RawSocket.Refusal answer, String status, String slug) {
        assertEquals(status, answer.status());
        assertTrue(Integer.parseInt(answer.headers().get("retry-after")) > 0);
        assertEquals("urn:mp2p:problem:" + slug, new JsonObject(answer.body()).getString("type"));
        assertTrue(meters.get("mp2p.signaling.refused")
                        .tag("reason", slug)
                        .counter()
                        .count()
                > 0);
    }

    private void awaitOpen(int sockets) throws InterruptedException {
        Eventually.isTrue(
                sockets + " sockets are open",
                () -> meters.get("mp2p.signaling.sockets").gauge().value() == sockets);
    }

    private String origin() {
        return SocketProbe.originOf(ws());
    }
}
