package org.messengerp2p.kit.identity;

import io.smallrye.jwt.auth.principal.ParseException;
import java.nio.charset.StandardCharsets;
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
record CompactToken(String keyId) {
    /** Twice what auth-service issues. */
    static final int MOST_CHARACTERS = 2_048;

    static final String ALGORITHM = "PS256";

    private static final String TYPE = "JWT";
    private static final Set<String> HEADER = Set.of("alg", "typ", "kid");

    /** @throws ParseException for any other form */
    static CompactToken read(String token) throws ParseException {
        if (token == null || token.length() > MOST_CHARACTERS) {
            throw TokenVerifier.refused();
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw TokenVerifier.refused();
        }
        byte[] header = bytes(parts[0]);
        bytes(parts[1]);
        bytes(parts[2]);
        return new CompactToken(keyId(header));
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
