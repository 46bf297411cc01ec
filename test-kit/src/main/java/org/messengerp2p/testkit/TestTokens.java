package org.messengerp2p.testkit;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.attack.TokenForge;

/** Signs tokens as auth-service does, with a key of the test run; {@link JwksResource} publishes it. */
public final class TestTokens {

    private static final String KEY_ID = "test";
    private static final KeyPair KEYS = newKeys();

    private TestTokens() {}

    public static String access(Device device, String audience) {
        return access(device, audience, Duration.ofMinutes(10));
    }

    /** @param life until it expires; negative for one that has expired */
    public static String access(Device device, String audience, Duration life) {
        return sign(
                Jwt.claims()
                        .subject(device.account().base64url())
                        .claim(Caller.DEVICE_CLAIM, device.device().value())
                        .audience(audience),
                life,
                KEYS);
    }

    /** What a sign-in gets that has no device yet. */
    public static String pending(AccountId account) {
        return sign(
                Jwt.claims().subject(account.base64url()).audience(Audience.AUTH_PENDING),
                Duration.ofMinutes(10),
                KEYS);
    }

    /** A token of the right form by a key that nobody published. */
    public static String forged(Device device, String audience) {
        return sign(
                Jwt.claims()
                        .subject(device.account().base64url())
                        .claim(Caller.DEVICE_CLAIM, device.device().value())
                        .audience(audience),
                Duration.ofMinutes(10),
                newKeys());
    }

    /** Makes tokens that only look good, by the published key. */
    public static TokenForge forge(Device device, String audience) {
        return new TokenForge(
                KEY_ID, KEYS.getPrivate(), (RSAPublicKey) KEYS.getPublic(), device, audience, Instant.now());
    }

    static String jwks() {
        RsaJsonWebKey key = new RsaJsonWebKey((RSAPublicKey) KEYS.getPublic());
        key.setKeyId(KEY_ID);
        return "{\"keys\":[" + key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY) + "]}";
    }

    private static String sign(JwtClaimsBuilder claims, Duration life, KeyPair keys) {
        Instant now = Instant.now();
        return claims.issuer(Caller.ISSUER)
                .issuedAt(now.minusSeconds(1))
                .expiresAt(now.plus(life))
                .jws()
                .algorithm(SignatureAlgorithm.PS256)
                .keyId(KEY_ID)
                .sign(keys.getPrivate());
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
