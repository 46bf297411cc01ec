package org.messengerp2p.kit.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a verifier remembers, and that it trusts none of it; attacks are TokenAttacksTest's in test-kit. */
class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final String KEY = "one";

    private static SignedTokens tokens;
    private static SignedTokens others;

    private final SetClock clock = new SetClock();
    private final TokenVerifier verifier = new TokenVerifier(tokens, clock);

    @BeforeAll
    static void makeKeys() {
        tokens = new SignedTokens(2_048);
        others = new SignedTokens(2_048);
    }

    @BeforeEach
    void publish() {
        tokens.publish(KEY);
    }

    @Test
    void namesTheCaller() throws Exception {
        Caller caller = Caller.of(verifier.parse(token(), null));

        assertEquals(SignedTokens.DEVICE, caller.requireDevice());
    }

    @Test
    void verifiesATokenOnce() throws Exception {
        String token = token();
        JWTCallerPrincipal first = verifier.parse(token, null);

        assertSame(first, verifier.parse(token, null));
    }

    @Test
    void remembersNoTokenLongerThanItLives() throws Exception {
        String token = token();
        verifier.parse(token, null);

        clock.now = NOW.plus(LIFE).minusMillis(1);
        verifier.parse(token, null);
        clock.now = NOW.plus(LIFE);

        refuses(token);
        clock.now = NOW;
        verifier.parse(token, null);
    }

    /** Of auth-service's clock against that of the service, to the last second of the token by the latter. */
    @ParameterizedTest
    @ValueSource(strings = {"PT-9M", "PT-90S", "PT-60S", "PT60S", "PT90S", "PT5M"})
    void takesATokenOfAClockThatStandsApartUntilItEnds(Duration apart) throws Exception {
        String token = tokens.token(KEY, NOW.plus(apart), LIFE);
        verifier.parse(token, null);

        clock.now = NOW.plus(apart).plus(LIFE).minusSeconds(1);
        verifier.parse(token, null);
        new TokenVerifier(tokens, clock).parse(token, null);
        clock.now = NOW.plus(apart).plus(LIFE);

        refuses(token);
        assertThrows(ParseException.class, () -> new TokenVerifier(tokens, clock).parse(token, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-3D", "PT-10M", "PT5M1S", "P3D"})
    void refusesATokenOfAClockThatStandsTooFarApart(Duration apart) throws Exception {
        refuses(tokens.token(KEY, NOW.plus(apart), LIFE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P3D", "P-3D"})
    void refusesWhatItKnowsWhileItsClockHasJumped(Duration jump) throws Exception {
        String token = token();
        verifier.parse(token, null);

        clock.now = NOW.plus(jump);
        refuses(token);
        clock.now = NOW;

        verifier.parse(token, null);
    }

    @Test
    void remembersNoTokenWhoseKeyIsWithdrawn() throws Exception {
        String token = token();
        verifier.parse(token, null);

        tokens.retire(KEY);

        refuses(token);
    }

    @Test
    void remembersNoTokenWhoseKeyIsAnotherNow() throws Exception {
        String token = token();
        verifier.parse(token, null);

        tokens.publish(KEY, others.keys().getPublic());

        refuses(token);
    }

    @Test
    void doesNotTakeAForgeryForWhatItRemembers() throws Exception {
        String token = token();
        verifier.parse(token, null);

        refuses(token.substring(0, token.length() - 4) + "AAAA");
        refuses(others.token(KEY, NOW, LIFE));
        refuses(null);
    }

    @Test
    void tellsNothingOfATokenToWhoLogsIt() throws Exception {
        JWTCallerPrincipal principal = verifier.parse(token(), null);

        assertFalse(principal.toString().contains(SignedTokens.DEVICE.account().base64url()));
        assertEquals("Principal[…]", principal.toString());
    }

    private String token() throws Exception {
        return tokens.token(KEY, NOW, LIFE);
    }

    private void refuses(String token) {
        assertThrows(ParseException.class, () -> verifier.parse(token, null));
    }

    private static final class SetClock extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
