package org.messengerp2p.kit.identity;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** Signs what auth-service would sign, and is the keys that a service knows. */
final class SignedTokens implements VerificationKeys {
    static final Device DEVICE = new Device(AccountId.of(new byte[16]), DeviceId.of(7));

    private final Map<String, PublicKey> known = new ConcurrentHashMap<>();
    private final KeyPair keys;

    SignedTokens(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            keys = generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void publish(String keyId) {
        publish(keyId, keys.getPublic());
    }

    void publish(String keyId, PublicKey key) {
        known.put(keyId, key);
    }

    void retire(String keyId) {
        known.remove(keyId);
    }

    KeyPair keys() {
        return keys;
    }

    String token(String keyId, Instant now, Duration life) throws JoseException {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(Caller.ISSUER);
        claims.setSubject(DEVICE.account().base64url());
        claims.setClaim(Caller.DEVICE_CLAIM, DEVICE.device().value());
        claims.setAudience(Audience.AUTH);
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.plus(life).getEpochSecond()));
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(keys.getPrivate());
        signature.setHeader("typ", "JWT");
        signature.setKeyIdHeaderValue(keyId);
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_PSS_USING_SHA256);
        return signature.getCompactSerialization();
    }

    @Override
    public Optional<PublicKey> byKeyId(String keyId) {
        return Optional.ofNullable(known.get(keyId));
    }

    @Override
    public boolean loaded() {
        return !known.isEmpty();
    }
}
