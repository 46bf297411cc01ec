package org.messengerp2p.kit.identity;

import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens whose signatures were right, by their SHA-256: a device shows one for ten minutes, and SHA-256 costs a
 * twentieth of the signature. Nothing is decided by it but that the signature was right: whether the key still
 * counts and whether the token is alive is asked each time. At most {@value #MOST} are kept; the one that was not asked
 * for longest goes first.
 */
final class VerifiedTokens {
    /** About 8 MiB. */
    static final int MOST = 4_096;

    private final Map<ByteBuffer, Verified> byHash = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Verified> eldest) {
            return size() > MOST;
        }
    };

    /** What was verified, and by which key. */
    record Verified(String keyId, PublicKey key, TokenClaims claims, JWTCallerPrincipal principal) {
        @Override
        public String toString() {
            return "Verified[…]";
        }
    }

    synchronized Optional<Verified> find(ByteBuffer hash) {
        return Optional.ofNullable(byHash.get(hash));
    }

    synchronized void keep(ByteBuffer hash, Verified verified) {
        byHash.put(hash, verified);
    }

    synchronized void forget(ByteBuffer hash) {
        byHash.remove(hash);
    }

    synchronized int size() {
        return byHash.size();
    }

    static ByteBuffer hash(String token) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
