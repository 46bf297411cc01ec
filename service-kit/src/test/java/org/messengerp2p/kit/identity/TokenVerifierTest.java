package org.messengerp2p.kit.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.jwt.auth.principal.ParseException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "one";

    private static KeyPair keys;

    private final TokenVerifier verifier =
            new TokenVerifier(new Keys(Map.of(KEY, keys.getPublic())), Clock.fixed(NOW, ZoneOffset.UTC));

    @BeforeAll
    static void makeKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
    }

    @Test
    void acceptsAGoodToken() throws Exception {
        assertEquals("account", verifier.parse(token(claims(), KEY), null).getSubject());
    }

    @Test
    void tellsExpiryFromEverythingElse() throws Exception {
        JwtClaims expired = claims();
        expired.setExpirationTime(NumericDate.fromSeconds(NOW.getEpochSecond()));

        assertThrows(ExpiredTokenException.class, () -> verifier.parse(token(expired, KEY), null));
    }

    @Test
    void refusesOtherKeysIssuersAndAlgorithms() throws Exception {
        JwtClaims otherIssuer = claims();
        otherIssuer.setIssuer("other");
        JwtClaims withoutSubject = claims();
        withoutSubject.setSubject(null);
        JwtClaims withoutExpiry = claims();
        withoutExpiry.unsetClaim("exp");
        JwtClaims withoutId = claims();
        withoutId.unsetClaim("jti");

        refuses(token(claims(), "two"));
        refuses(token(claims(), null));
        refuses(token(otherIssuer, KEY));
        refuses(token(withoutSubject, KEY));
        refuses(token(withoutExpiry, KEY));
        refuses(token(withoutId, KEY));
        refuses(token(claims(), KEY, AlgorithmIdentifiers.RSA_USING_SHA256));
        refuses("a.b.c");
        refuses("");
    }

    private void refuses(String token) {
        ParseException refused = assertThrows(ParseException.class, () -> verifier.parse(token, null));
        assertFalse(refused instanceof ExpiredTokenException);
        assertEquals("the token does not verify", refused.getMessage(), "a message must not quote the token");
    }

    private static JwtClaims claims() {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(Caller.ISSUER);
        claims.setSubject("account");
        claims.setJwtId("id");
        claims.setAudience(Audience.AUTH);
        claims.setExpirationTime(NumericDate.fromSeconds(NOW.getEpochSecond() + 600));
        return claims;
    }

    private static String token(JwtClaims claims, String keyId) throws Exception {
        return token(claims, keyId, AlgorithmIdentifiers.RSA_PSS_USING_SHA256);
    }

    private static String token(JwtClaims claims, String keyId, String algorithm) throws Exception {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(keys.getPrivate());
        signature.setKeyIdHeaderValue(keyId);
        signature.setAlgorithmHeaderValue(algorithm);
        return signature.getCompactSerialization();
    }

    private record Keys(Map<String, PublicKey> keys) implements VerificationKeys {
        @Override
        public Optional<PublicKey> byKeyId(String keyId) {
            return keyId == null ? Optional.empty() : Optional.ofNullable(keys.get(keyId));
        }

        @Override
        public boolean loaded() {
            return true;
        }
    }
}
