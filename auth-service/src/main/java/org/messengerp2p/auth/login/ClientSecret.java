package org.messengerp2p.auth.login;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.security.MessageDigest;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** 32 bytes that a client derives: auth_secret or rec_auth (MP2P/1 §9.1, §9.3). */
@Schema(
        type = SchemaType.STRING,
        format = "base64url",
        pattern = "^[A-Za-z0-9_-]{43}$",
        description = "32 bytes that a client derives, not all zero (MP2P/1 §9)")
public record ClientSecret(byte[] value) {
    private static final int LENGTH = 32;

    public ClientSecret {
        if (value == null || value.length != LENGTH || MessageDigest.isEqual(value, new byte[LENGTH])) {
            throw new IllegalArgumentException("a secret has 32 bytes that are not all zero");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ClientSecret of(byte[] value) {
        return new ClientSecret(value);
    }

    @Override
    public String toString() {
        return "ClientSecret[…]";
    }
}
