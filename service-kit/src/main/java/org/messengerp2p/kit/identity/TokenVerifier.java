package org.messengerp2p.kit.identity;

import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.messengerp2p.kit.identity.VerifiedTokens.Verified;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Verifies PS256 tokens with keys that are in memory. SmallRye's own key locations are either read once at start or
 * fetched by a blocking call, so neither rotates on an event loop (docs/adr/0001). The audience is checked by role
 * ({@link AudienceRoles}). Runs on the event loop: one RSA-3072 check for a token that is new here, one SHA-256 for one
 * that is not.
 */
@ApplicationScoped
@Alternative
@Priority(1)
public class TokenVerifier extends JWTCallerPrincipalFactory {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final VerificationKeys keys;
    private final Clock clock;
    private final VerifiedTokens remembered = new VerifiedTokens();

    public TokenVerifier(VerificationKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * @throws ParseException for everything that is wrong with a token, always the same: who tries learns nothing
     * @throws ProblemException unavailable, while no keys are known: a service that has just started cannot call a token
     *     invalid, by which a client would give it up
     */
    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo context) throws ParseException {
        if (token == null || token.length() > CompactToken.MOST_CHARACTERS) {
            throw refused();
        }
        ByteBuffer hash = VerifiedTokens.hash(token);
        Optional<Verified> known = remembered.find(hash);
        return known.isPresent() ? again(hash, known.get()) : verified(hash, token);
    }

    /** Says nothing of the token, which is a secret. */
    static ParseException refused() {
        return new ParseException("the token does not verify");
    }

    private JWTCallerPrincipal again(ByteBuffer hash, Verified known) throws ParseException {
        try {
            if (keys.byKeyId(known.keyId()).filter(known.key()::equals).isEmpty()) {
                throw refused();
            }
            known.claims().requireAlive(clock.instant());
            return known.principal();
        } catch (ParseException over) {
            remembered.forget(hash);
            throw over;
        }
    }

    private JWTCallerPrincipal verified(ByteBuffer hash, String token) throws ParseException {
        CompactToken read = CompactToken.read(token);
        if (!keys.loaded()) {
            throw ProblemException.retryAfter(
                    CommonProblem.UNAVAILABLE, "The service cannot verify tokens yet; try again.", RETRY_AFTER);
        }
        PublicKey key = keys.byKeyId(read.keyId()).orElseThrow(TokenVerifier::refused);
        if (!read.isSignedBy(key)) {
            throw refused();
        }
        JwtClaims content = content(read.claims());
        TokenClaims claims = TokenClaims.read(content);
        claims.requireAlive(clock.instant());
        JWTCallerPrincipal principal = new Principal(content);
        remembered.keep(hash, new Verified(read.keyId(), key, claims, principal));
        return principal;
    }

    private static JwtClaims content(byte[] claims) throws ParseException {
        try {
            return compact(JwtClaims.parse(new String(claims, StandardCharsets.UTF_8)));
        } catch (InvalidJwtException malformed) {
            // Its message quotes the token.
            throw refused();
        }
    }

    /** Many are kept: without their text, and with names that all of them share. */
    private static JwtClaims compact(JwtClaims parsed) {
        JwtClaims claims = new JwtClaims();
        parsed.getClaimsMap().forEach((name, value) -> claims.setClaim(name.intern(), value));
        return claims;
    }

    /** SmallRye's own would tell the claims to whoever logs it. */
    private static final class Principal extends DefaultJWTCallerPrincipal {
        Principal(JwtClaims claims) {
            super(claims);
        }

        @Override
        public String toString() {
            return "Principal[…]";
        }
    }
}
