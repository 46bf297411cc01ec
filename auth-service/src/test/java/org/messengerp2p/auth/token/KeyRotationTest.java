package org.messengerp2p.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.ShiftedClock;
import org.messengerp2p.auth.TightLimits;
import org.messengerp2p.kit.identity.PublishedKeys;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.TestDevice;

/** One rotation, as this service and one that reads the published keys over HTTP live through it. */
@QuarkusTest
@TestProfile(TightLimits.class)
class KeyRotationTest extends AuthServiceTest {
    @Inject
    ShiftedClock clock;

    @Inject
    Vertx vertx;

    private PublishedKeys otherService;

    @AfterEach
    void resetClock() {
        clock.reset();
        otherService.close();
    }

    @Test
    void verifiesTokensOfBothKeysWhileTheyAreAlive() throws Exception {
        TestDevice device = accounts.newcomer().account().device();
        otherService =
                new PublishedKeys(vertx, JwksReading.every(Duration.ofMillis(200), service.resolve(AUTH + "/jwks")));
        otherService.read();
        String former = accounts.tokens(device).auth();
        String formerKey = keyId(former);
        Eventually.isTrue("the other service knows the key", () -> knows(formerKey));

        clock.advance(Duration.ofMinutes(4));
        Eventually.isTrue("the next key is published", () -> published().size() == 2);
        String nextKey = published().stream()
                .filter(key -> !key.equals(formerKey))
                .findFirst()
                .orElseThrow();
        assertEquals(formerKey, keyId(accounts.tokens(device).auth()), "it does not sign before its time");
        Eventually.isTrue("the other service knows it before it signs", () -> knows(nextKey));

        clock.advance(Duration.ofMinutes(1).plusSeconds(5));
        String next = accounts.tokens(device).auth();
        assertEquals(nextKey, keyId(next));
        assertNotEquals(formerKey, nextKey);
        assertEquals(200, rest.get(AUTH + "/vault", former).status());
        assertEquals(200, rest.get(AUTH + "/vault", next).status());
        assertTrue(knows(formerKey) && knows(nextKey));

        clock.advance(Duration.ofMinutes(4));
        Eventually.isTrue("the former key is withdrawn", () -> !published().contains(formerKey));
        assertEquals(401, rest.get(AUTH + "/vault", former).status());
        assertEquals(200, rest.get(AUTH + "/vault", next).status());
        Eventually.isTrue("the other service has forgotten it", () -> !knows(formerKey));
        assertTrue(knows(nextKey));
    }

    @Test
    void publishesNothingPrivate() {
        otherService =
                new PublishedKeys(vertx, JwksReading.every(Duration.ofMillis(200), service.resolve(AUTH + "/jwks")));

        var jwks = rest.get(AUTH + "/jwks", null);

        assertEquals("public, max-age=60", jwks.header("Cache-Control").orElse(""));
        jwks.body().path("keys").forEach(key -> {
            assertEquals("RSA", key.path("kty").asText());
            assertEquals("sig", key.path("use").asText());
            assertEquals("PS256", key.path("alg").asText());
            assertEquals(512, key.path("n").asText().length());
            List.of("d", "p", "q", "dp", "dq", "qi", "oth").forEach(secret -> assertFalse(key.has(secret)));
        });
    }

    private boolean knows(String keyId) {
        return otherService.byKeyId(keyId).isPresent();
    }

    private List<String> published() {
        return rest.get(AUTH + "/jwks", null).body().path("keys").findValuesAsText("kid");
    }

    private static String keyId(String token) {
        try {
            return new ObjectMapper()
                    .readTree(Base64.getUrlDecoder().decode(token.split("\\.")[0]))
                    .path("kid")
                    .asText();
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
