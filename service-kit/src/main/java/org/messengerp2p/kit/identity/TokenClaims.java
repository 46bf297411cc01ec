package org.messengerp2p.kit.identity;

import io.smallrye.jwt.auth.principal.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jose4j.jwt.JwtClaims;

/**
 * When a token counts whose other claims are in order; all times in seconds since 1970. Only auth-service signs, so
 * this refuses nothing that it issues, and bounds what a key is worth to a thief.
 *
 * @param notBefore the later of {@code iat} and {@code nbf}
 */
record TokenClaims(long notBefore, long expires) {
    /** Clocks of two services may differ by as much. */
    static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    /** No token lives longer. */
    static final Duration LONGEST_LIFE = Duration.ofHours(1);

    private static final Set<String> AUDIENCES =
            Set.of(Audience.AUTH, Audience.MAILBOX, Audience.SIGNALING, Audience.AUTH_PENDING, Audience.AUTH_REVOKED);

    /** @throws ParseException for a claim that is missing or of another form than auth-service writes */
    static TokenClaims read(JwtClaims claims) throws ParseException {
        try {
            if (namesIssuerAndHolder(claims)
                    && claims.getClaimValue("iat") instanceof Long issued
                    && claims.getClaimValue("exp") instanceof Long expires) {
                return new TokenClaims(Math.max(issued, notBefore(claims)), expires);
            }
        } catch (IllegalArgumentException malformed) {
            // Its message may quote the claim.
            throw TokenVerifier.refused();
        }
        throw TokenVerifier.refused();
    }

    /** @throws ParseException if it has ended, has not begun, or would end later than any token does */
    void requireAlive(Instant now) throws ParseException {
        long latest = now.plus(CLOCK_TOLERANCE).getEpochSecond();
        if (expires <= now.getEpochSecond() || notBefore > latest || expires > latest + LONGEST_LIFE.toSeconds()) {
            throw TokenVerifier.refused();
        }
    }

    private static boolean namesIssuerAndHolder(JwtClaims claims) {
        return Caller.ISSUER.equals(claims.getClaimValue("iss"))
                && claims.getClaimValue("aud") instanceof String audience
                && AUDIENCES.contains(audience)
                && claims.getClaimValue("sub") instanceof String subject
                && AccountId.parse(subject) != null
                && claims.getClaimValue("jti") instanceof String tokenId
                && UUID.fromString(tokenId).toString().equals(tokenId)
                && namesDevice(claims, audience);
    }

    private static boolean namesDevice(JwtClaims claims, String audience) {
        if (audience.equals(Audience.AUTH_PENDING)) {
            return !claims.hasClaim(Caller.DEVICE_CLAIM);
        }
        return claims.getClaimValue(Caller.DEVICE_CLAIM) instanceof Long id && DeviceId.of(id) != null;
    }

    private static long notBefore(JwtClaims claims) throws ParseException {
        if (!claims.hasClaim("nbf")) {
            return Long.MIN_VALUE;
        }
        if (claims.getClaimValue("nbf") instanceof Long notBefore) {
            return notBefore;
        }
        throw TokenVerifier.refused();
    }
}
