package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.AuthDouble;
import org.messengerp2p.testkit.TestTokens;

/** A service that has just started, and has not read the token keys yet. */
@QuarkusTest
@TestProfile(WithoutKeysTest.WithoutKeys.class)
@WithTestResource(AuthDouble.class)
class WithoutKeysTest {

    private final Device device = new Device(new AccountId(UUID.randomUUID()), new DeviceId(1));

    @TestHTTPResource("/ws")
    URI http;

    public static class WithoutKeys implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("mp2p.tokens.jwks-url", "http://127.0.0.1:1/jwks");
        }
    }

    @Test
    void aHandshakeIsToBeTriedAgain() throws IOException {
        RawSocket.Refusal answer =
                RawSocket.refusal(http, TestTokens.access(device, Audience.SIGNALING), "http://" + http.getAuthority());

        assertEquals("HTTP/1.1 503 Service Unavailable", answer.status());
        assertTrue(Integer.parseInt(answer.headers().get("retry-after")) > 0);
        assertEquals("urn:mp2p:problem:unavailable", new JsonObject(answer.body()).getString("type"));
    }
}
