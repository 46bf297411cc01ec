package org.messengerp2p.auth.login;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.messengerp2p.auth.secret.ServerSecrets;
import org.messengerp2p.auth.wire.Hashes;

/**
 * Argon2id over the peppered authentication secret (MP2P/1 §20, point 2). The secret is uniform already; this stops who
 * has stolen the database from signing in with what stands there. About 36 ms of CPU, for a worker.
 */
@ApplicationScoped
class SecretHasher {
    // OWASP's minimum for Argon2id.
    private static final int M_KIB = 19_456;
    private static final int T = 2;
    private static final int P = 1;
    private static final int SALT_LENGTH = 16;
    private static final int HASH_LENGTH = 32;

    private final ServerSecrets secrets;
    private final SecureRandom random = new SecureRandom();
    private final Verifier nobodys;
    private final byte[] nobodysCode = bytes(HASH_LENGTH);

    SecretHasher(ServerSecrets secrets) {
        this.secrets = secrets;
        this.nobodys = new Verifier(bytes(HASH_LENGTH), bytes(SALT_LENGTH), M_KIB, T, P, secrets.currentPepper());
    }

    Verifier verifierOf(ClientSecret secret) {
        int pepper = secrets.currentPepper();
        byte[] salt = bytes(SALT_LENGTH);
        byte[] hash = hash(secret, salt, M_KIB, T, P, pepper);
        return new Verifier(hash, salt, M_KIB, T, P, pepper);
    }

    boolean matches(ClientSecret secret, Verifier stored) {
        byte[] hash = hash(secret, stored.salt(), stored.mKib(), stored.t(), stored.p(), stored.pepperKeyId());
        return MessageDigest.isEqual(hash, stored.hash());
    }

    /** A recovery code is 32 random bytes, so one hash is enough; where there is none the work is the same. */
    boolean matchesCode(ClientSecret code, Optional<byte[]> storedHash) {
        return MessageDigest.isEqual(Hashes.sha256(code.value()), storedHash.orElse(nobodysCode));
    }

    /** Nobody's: it costs what a real one costs and no secret matches it. */
    Verifier nobodys() {
        return nobodys;
    }

    private byte[] hash(ClientSecret secret, byte[] salt, int mKib, int t, int p, int pepperKeyId) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(mKib)
                .withIterations(t)
                .withParallelism(p)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_LENGTH];
        generator.generateBytes(secrets.peppered(secret.value(), pepperKeyId), hash);
        return hash;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
