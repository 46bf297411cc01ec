package org.messengerp2p.auth.login;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.security.MessageDigest;

/** 32 bytes that a client derives: auth_secret or rec_auth (MP2P/1 §9.1, §9.3). */
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
