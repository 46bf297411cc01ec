package org.messengerp2p.testkit;

import java.util.Map;
import java.util.Optional;

/** What a password and a recovery code, if there is one, become for the server (MP2P/1 §9.1, §9.3). */
public record TestSecrets(byte[] authSecret, Optional<byte[]> recAuth) {
    public static TestSecrets withoutCode() {
        return new TestSecrets(RecordBytes.random(32), Optional.empty());
    }

    public static TestSecrets withCode() {
        return new TestSecrets(RecordBytes.random(32), Optional.of(RecordBytes.random(32)));
    }

    public byte[] code() {
        return recAuth.orElseThrow();
    }

    public Map<String, Object> proofByPassword() {
        return Map.of("auth_secret", RecordBytes.base64url(authSecret));
    }

    public Map<String, Object> proofByCode() {
        return Map.of("rec_auth", RecordBytes.base64url(code()));
    }
}
