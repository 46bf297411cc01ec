package org.messengerp2p.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.jwt.auth.principal.ParseException;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.ShiftedClock;
import org.messengerp2p.kit.identity.PublishedKeys;
import org.messengerp2p.kit.identity.TokenVerifier;
import org.messengerp2p.testkit.AccountClient.Tokens;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.attack.BareCall;

/** Three rotations, minute by minute: no token is refused before its time, here or where the keys are read over HTTP. */
@QuarkusTest
@TestProfile(RolloverTest.ShortKeys.class)
class RolloverTest extends AuthServiceTest {
    private static final Duration STEP = Duration.ofMinutes(2);
    private static final int STEPS = 35;
    private static final Duration LIFE = Duration.ofMinutes(10);

    @Inject
    ShiftedClock clock;

    @Inject
    KeyRing ring;

    @Inject
    Vertx vertx;

    private PublishedKeys published;

    private record Issued(Tokens tokens, Instant at) {}

    @AfterEach
    void reset() {
        clock.reset();
        published.close();
    }

    @Test
    void refusesNoTokenThatIsAlive() throws Throwable {
        TestDevice device = accounts.newcomer().account().device();
        published = new PublishedKeys(vertx, JwksReading.every(Duration.ofDays(1), service.resolve(AUTH + "/jwks")));
        TokenVerifier elsewhere = new TokenVerifier(published, clock);
        List<Issued> issued = new ArrayList<>();
        Set<String> signers = new HashSet<>();
        read();

        for (int step = 0; step < STEPS; step++) {
            clock.advance(STEP);
            VertxContextSupport.subscribeAndAwait(ring::check);
            if (step % 3 == 0) {
                // A key that is made just after a reading waits for less than the five minutes before it signs.
                read();
            }
            Instant now = clock.instant();
            issued.add(new Issued(accounts.tokens(device), now));
            signers.add(ring.signing().id());
            issued.removeIf(old -> !now.isBefore(old.at().plus(LIFE).minusSeconds(2)));
            for (Issued alive : issued) {
                assertEquals(
                        200, BareCall.bearer(vault(), alive.tokens().auth()).status(), "step " + step);
                assertTrue(verifies(elsewhere, alive.tokens().mailbox()), "step " + step);
            }
            assertTrue(ring.published().size() <= 5, "keys go again");
        }

        assertTrue(signers.size() >= 4, signers.size() + " keys have signed");
    }

    private void read() throws InterruptedException {
        published.read();
        List<String> keys = ring.published().stream().map(KeyRing.Key::id).toList();
        Eventually.isTrue(
                "the keys are read",
                () -> keys.stream().allMatch(key -> published.byKeyId(key).isPresent()));
    }

    private static boolean verifies(TokenVerifier verifier, String token) {
        try {
            return verifier.parse(token, null) != null;
        } catch (ParseException refused) {
            return false;
        }
    }

    private URI vault() {
        return service.resolve(AUTH + "/vault");
    }

    /** Everything by default but that a key signs for twenty minutes. */
    public static class ShortKeys implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.auth.token-keys.signs-for", "PT20M",
                    "mp2p.auth.token-keys.published-ahead", "PT5M");
        }
    }
}
