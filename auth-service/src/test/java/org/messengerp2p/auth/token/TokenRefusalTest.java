package org.messengerp2p.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestTokens;

/** Tokens that are no tokens here. */
@QuarkusTest
class TokenRefusalTest extends AuthServiceTest {
    @Inject
    KeyRing ring;

    @Test
    void refusesAllThatIsForgedByOneAnswer() throws Exception {
        SignedIn signedIn = accounts.newcomer();
        Answer refused = rest.get(AUTH + "/vault", null);

        for (Map.Entry<String, String> bad : forged(signedIn).entrySet()) {
            Answer answer = rest.get(AUTH + "/vault", bad.getValue());
            assertEquals(401, answer.status(), bad.getKey());
            assertEquals(refused.body(), answer.body(), bad.getKey());
        }
        assertEquals(200, rest.get(AUTH + "/vault", signedIn.tokens().auth()).status());
    }

    @Test
    void saysThatATokenHasExpired() {
        SignedIn signedIn = accounts.newcomer();
        String expired = signed(claims(signedIn.account().device().device(), "auth"), Duration.ofSeconds(-1));

        Answer answer = rest.get(AUTH + "/vault", expired);

        assertEquals(401, answer.status());
        assertEquals("token-expired", answer.problem());
    }

    private Map<String, String> forged(SignedIn signedIn) throws Exception {
        Device device = signedIn.account().device().device();
        String good = signedIn.tokens().auth();
        String[] parts = good.split("\\.");
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("garbage", "garbage");
        tokens.put("of mailbox", signedIn.tokens().mailbox());
        tokens.put("of signaling", signedIn.tokens().signaling());
        tokens.put("another's key", TestTokens.forged(device, "auth"));
        tokens.put("no signature", parts[0] + "." + parts[1] + ".");
        tokens.put(
                "signature of another",
                parts[0] + "." + parts[1] + "." + signedIn.tokens().mailbox().split("\\.")[2]);
        tokens.put("alg none", text("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + parts[1] + ".");
        tokens.put("HS256 by the public key", byPublicKey(parts[1]));
        tokens.put("RS256 by the right key", signed(claims(device, "auth"), SignatureAlgorithm.RS256));
        tokens.put("no issuer", sign(claims(device, "auth")));
        tokens.put("another issuer", sign(claims(device, "auth").issuer("other")));
        tokens.put(
                "no subject", sign(Jwt.claims().issuer("mp2p").audience("auth").claim("device", 1L)));
        tokens.put(
                "no audience",
                sign(Jwt.claims()
                        .issuer("mp2p")
                        .subject(device.account().base64url())
                        .claim("device", device.device().value())));
        tokens.put("unknown audience", sign(claims(device, "admin").issuer("mp2p")));
        return tokens;
    }

    private String byPublicKey(String claims) throws Exception {
        String signed = text("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\""
                        + ring.signing().id() + "\"}") + "." + claims;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(ring.signing().publicKey().getEncoded(), "HmacSHA256"));
        return signed + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static JwtClaimsBuilder claims(Device device, String audience) {
        return Jwt.claims()
                .subject(device.account().base64url())
                .claim("device", device.device().value())
                .audience(audience);
    }

    private String signed(JwtClaimsBuilder claims, Duration life) {
        return sign(claims.issuer("mp2p"), life, SignatureAlgorithm.PS256);
    }

    private String signed(JwtClaimsBuilder claims, SignatureAlgorithm algorithm) {
        return sign(claims.issuer("mp2p"), Duration.ofMinutes(5), algorithm);
    }

    private String sign(JwtClaimsBuilder claims) {
        return sign(claims, Duration.ofMinutes(5), SignatureAlgorithm.PS256);
    }

    private String sign(JwtClaimsBuilder claims, Duration life, SignatureAlgorithm algorithm) {
        PrivateKey key = ring.signing().privateKey();
        return claims.issuedAt(Instant.now().minusSeconds(60))
                .expiresAt(Instant.now().plus(life))
                .jws()
                .algorithm(algorithm)
                .keyId(ring.signing().id())
                .sign(key);
    }

    private static String text(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.US_ASCII));
    }
}
