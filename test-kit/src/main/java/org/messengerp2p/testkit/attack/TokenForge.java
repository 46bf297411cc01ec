package org.messengerp2p.testkit.attack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;

/**
 * Makes tokens from any text at all, as no library would: with the service's own key, so that nothing but the one fault
 * of a token can be why it is refused.
 */
public final class TokenForge {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String keyId;
    private final PrivateKey privateKey;
    private final RSAPublicKey publicKey;
    private final Device device;
    private final String audience;
    private final Instant now;

    /** @param device the holder of a good token, and {@code audience} the service that it opens */
    public TokenForge(
            String keyId, PrivateKey privateKey, RSAPublicKey publicKey, Device device, String audience, Instant now) {
        this.keyId = keyId;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.device = device;
        this.audience = audience;
        this.now = now;
    }

    /** Without any fault. */
    public String good() {
        return signed(header(), claims());
    }

    /** Of another audience, otherwise good. */
    public String withAudience(String other) {
        return signed(header(), with(claims(), "aud", other));
    }

    /** Of another holder, otherwise good. */
    public String of(Device other) {
        Map<String, Object> claims = with(claims(), "sub", other.account().base64url());
        return signed(header(), with(claims, Caller.DEVICE_CLAIM, other.device().value()));
    }

    RSAPublicKey publicKey() {
        return publicKey;
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    String keyId() {
        return keyId;
    }

    long now() {
        return now.getEpochSecond();
    }

    Map<String, Object> header() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("typ", "JWT");
        header.put("alg", "PS256");
        header.put("kid", keyId);
        return header;
    }

    Map<String, Object> claims() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", Caller.ISSUER);
        claims.put("sub", device.account().base64url());
        claims.put(Caller.DEVICE_CLAIM, device.device().value());
        claims.put("aud", audience);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now() - 1);
        claims.put("exp", now() + 600);
        return claims;
    }

    static Map<String, Object> with(Map<String, Object> values, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return changed;
    }

    static Map<String, Object> without(Map<String, Object> values, String name) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.remove(name);
        return changed;
    }

    String signed(Map<String, Object> header, Map<String, Object> claims) {
        return signed(json(header), json(claims));
    }

    /** PS256 by the service's own key. */
    String signed(String header, String claims) {
        String signed = base64url(header) + "." + base64url(claims);
        return signed + "." + base64url(signature(privateKey, signed));
    }

    static byte[] signature(PrivateKey key, String signed) {
        return signature(key, "RSASSA-PSS", pss(MGF1ParameterSpec.SHA256, 32), signed);
    }

    static AlgorithmParameterSpec pss(MGF1ParameterSpec mask, int saltLength) {
        return new PSSParameterSpec("SHA-256", "MGF1", mask, saltLength, 1);
    }

    static byte[] signature(PrivateKey key, String algorithm, AlgorithmParameterSpec parameters, String signed) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            if (parameters != null) {
                signature.setParameter(parameters);
            }
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] mac(String algorithm, byte[] key, String signed) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String json(Map<String, Object> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String base64url(String text) {
        return base64url(text.getBytes(StandardCharsets.UTF_8));
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
