package org.messengerp2p.kit.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Base64;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * 16 bytes that name an account (MP2P/1 §2). Kept as a UUID, which is how PostgreSQL stores it; on the wire it is
 * base64url. {@link #toString()} tells nothing, so that no log line can.
 */
@Schema(
        type = SchemaType.STRING,
        format = "base64url",
        pattern = "^[A-Za-z0-9_-]{22}$",
        description = "16 bytes: H(identity key) cut short (MP2P/1 §2)")
public record AccountId(UUID value) {

    private static final int LENGTH = 16;

    public AccountId {
        if (value == null) {
            throw new IllegalArgumentException("an account id has 16 bytes");
        }
    }

    public static AccountId of(byte[] bytes) {
        return new AccountId(Uuids.fromBytes(requireLength(bytes)));
    }

    /** @throws IllegalArgumentException unless the text is base64url without padding of exactly 16 bytes */
    @JsonCreator
    public static AccountId parse(String base64url) {
        byte[] bytes = Base64.getUrlDecoder().decode(base64url);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(base64url)) {
            throw new IllegalArgumentException("an account id is canonical base64url without padding");
        }
        return of(bytes);
    }

    /** Named so that JAX-RS finds it for path parameters. */
    public static AccountId fromString(String base64url) {
        return parse(base64url);
    }

    public byte[] bytes() {
        return Uuids.toBytes(value);
    }

    @JsonValue
    public String base64url() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }

    @Override
    public String toString() {
        return "AccountId[…]";
    }

    private static byte[] requireLength(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an account id has 16 bytes");
        }
        return bytes;
    }
}
