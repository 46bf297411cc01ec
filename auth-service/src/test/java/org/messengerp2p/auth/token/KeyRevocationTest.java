package org.messengerp2p.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.ShiftedClock;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.attack.BareCall;

/** What an operator's two settings do, as docs/operations.md tells it, to keys that were made before. */
@QuarkusTest
@TestProfile(KeyRevocationTest.SetByAnOperator.class)
class KeyRevocationTest extends AuthServiceTest {
    private static final Duration AHEAD = Duration.ofMinutes(15);
    private static final Duration AFTER = Duration.ofMinutes(70);

    @Inject
    ShiftedClock clock;

    @Inject
    @ReactiveDataSource("auth")
    Pool database;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void revokesAKeyWithItsTokensAndSignsByAnotherAtOnce() throws Exception {
        TestDevice device = accounts.newcomer().account().device();
        String former = accounts.tokens(device).auth();
        String pending = accounts.pendingToken(accounts.newcomer().account());
        assertEquals(200, BareCall.bearer(vault(), former).status());
        List<String> leaked = published();

        makeOlder("2 hours");

        Eventually.isTrue("the key is revoked", () -> leaked.stream().noneMatch(published()::contains));
        assertEquals(1, published().size());
        assertEquals(BareCall.get(vault()), BareCall.bearer(vault(), former));
        assertEquals(BareCall.get(vault()), BareCall.bearer(vault(), pending));
        assertEquals(
                200, BareCall.bearer(vault(), accounts.tokens(device).auth()).status());
    }

    @Test
    void renewsAKeyAndEndsNoToken() throws Exception {
        TestDevice device = accounts.newcomer().account().device();
        String former = accounts.tokens(device).auth();
        List<String> before = published();

        makeOlder("30 minutes");

        Eventually.isTrue("a successor is published", () -> published().size() == before.size() + 1);
        assertTrue(published().containsAll(before));
        assertEquals(200, BareCall.bearer(vault(), former).status());
        clock.advance(AHEAD.plusSeconds(5));
        assertEquals(
                200, BareCall.bearer(vault(), accounts.tokens(device).auth()).status());
        clock.advance(AFTER);
        Eventually.isTrue("the former is withdrawn", () -> before.stream().noneMatch(published()::contains));
        assertEquals(
                200, BareCall.bearer(vault(), accounts.tokens(device).auth()).status());
    }

    private void makeOlder(String by) {
        database.query("update signing_key set made_at = made_at - interval '" + by + "'")
                .execute()
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    private List<String> published() {
        return rest.get(AUTH + "/jwks", null).body().path("keys").findValuesAsText("kid");
    }

    private URI vault() {
        return service.resolve(AUTH + "/vault");
    }

    /** The service starts after both times, so its own first key is new enough. */
    public static class SetByAnOperator implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>();
            settings.put("mp2p.auth.token-keys.check-every", "1s");
            settings.put("mp2p.auth.token-keys.renew-before", Instant.now().toString());
            settings.put(
                    "mp2p.auth.token-keys.revoke-before",
                    Instant.now().minusSeconds(3_600).toString());
            return settings;
        }
    }
}
