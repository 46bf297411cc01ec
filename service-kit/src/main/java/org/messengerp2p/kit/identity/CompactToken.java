package org.messengerp2p.kit.identity;

import io.smallrye.jwt.auth.principal.ParseException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * A token as text: {@code header.claims.signature}, each part in the one base64url form that it has (RFC 7515 §2), so
 * that nobody can make a second token of a good one. The header holds what auth-service writes and nothing else; so
 * none names a key, where to fetch one, or an extension (RFC 8725 §3).
 */
record CompactToken(String keyId, byte[] signed, byte[] claims, byte[] signature) {
    /** Twice what auth-service issues. */
    static final int MOST_CHARACTERS = 2_048;

    private static final String ALGORITHM = "PS256";
    private static final PSSParameterSpec PS256 =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);
    private static final String TYPE = "JWT";
    private static final Set<String> HEADER = Set.of("alg", "typ", "kid");

    /** @throws ParseException for any other form; what is left to check is the signature */
    static CompactToken read(String token) throws ParseException {
        if (token == null || token.length() > MOST_CHARACTERS) {
            throw TokenVerifier.refused();
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw TokenVerifier.refused();
        }
        byte[] header = bytes(parts[0]);
        byte[] claims = bytes(parts[1]);
        byte[] signature = bytes(parts[2]);
        String signed = token.substring(0, token.length() - parts[2].length() - 1);
        return new CompactToken(keyId(header), signed.getBytes(StandardCharsets.US_ASCII), claims, signature);
    }

    /** PS256 (RFC 7518 §3.5). */
    boolean isSignedBy(PublicKey key) {
        try {
            Signature check = Signature.getInstance("RSASSA-PSS");
            check.setParameter(PS256);
            check.initVerify(key);
            check.update(signed);
            return check.verify(signature);
        } catch (SignatureException | InvalidKeyException unfit) {
            // A signature of another length, or a key of another kind.
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "CompactToken[…]";
    }

    private static String keyId(byte[] header) throws ParseException {
        try {
            // Refuses a name that stands twice.
            Map<String, Object> values = JsonUtil.parseJson(new String(header, StandardCharsets.UTF_8));
            if (values.keySet().equals(HEADER)
                    && ALGORITHM.equals(values.get("alg"))
                    && TYPE.equals(values.get("typ"))
                    && values.get("kid") instanceof String keyId) {
                return keyId;
            }
        } catch (JoseException malformed) {
            throw TokenVerifier.refused();
        }
        throw TokenVerifier.refused();
    }

    private static byte[] bytes(String part) throws ParseException {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            // Also refused: padding, and bits behind the last byte.
            if (bytes.length > 0
                    && Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(bytes)
                            .equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException malformed) {
            throw TokenVerifier.refused();
        }
        throw TokenVerifier.refused();
    }
}
