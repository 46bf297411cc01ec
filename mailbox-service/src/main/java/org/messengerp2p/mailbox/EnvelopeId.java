package org.messengerp2p.mailbox;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.identity.Uuids;

/**
 * Names an envelope by its bytes (MP2P/1 §6.1), so that the same envelope sent twice is one. Kept as a UUID, which is
 * how PostgreSQL stores 16 bytes; on the wire it is base64url.
 */
@Schema(
        type = SchemaType.STRING,
        format = "base64url",
        pattern = "^[A-Za-z0-9_-]{22}$",
        description = "16 bytes: the hash of the envelope cut short (MP2P/1 §6.1)")
public record EnvelopeId(UUID value) {

    private static final byte[] LABEL = "MP2P/1/envid\0".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = 16;

    public EnvelopeId {
        if (value == null) {
            throw new IllegalArgumentException("an envelope id has 16 bytes");
        }
    }

    /** {@code H("MP2P/1/envid" || 0x00 || envelope)[0..16)}. */
    public static EnvelopeId of(byte[] envelope) {
        MessageDigest hash = sha256();
        hash.update(LABEL);
        return new EnvelopeId(Uuids.fromBytes(Arrays.copyOf(hash.digest(envelope), LENGTH)));
    }

    /** @throws IllegalArgumentException unless the text is canonical base64url without padding of exactly 16 bytes */
    @JsonCreator
    public static EnvelopeId parse(String base64url) {
        EnvelopeId id = new EnvelopeId(Uuids.fromBytes(Base64.getUrlDecoder().decode(base64url)));
        if (!id.base64url().equals(base64url)) {
            throw new IllegalArgumentException("an envelope id is canonical base64url without padding");
        }
        return id;
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
        return "EnvelopeId[…]";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
