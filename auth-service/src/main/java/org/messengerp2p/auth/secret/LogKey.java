package org.messengerp2p.auth.secret;

import java.security.GeneralSecurityException;
import java.util.Map;
import org.messengerp2p.auth.wire.Hashes;
import org.messengerp2p.auth.wire.Signed;
import org.messengerp2p.kit.secret.KeysetFile;

/** The Ed25519 key of the key log (MP2P/1 §10.1): one for the life of the server. */
public final class LogKey {
    private final KeysetFile.Signer signer;

    LogKey(KeysetFile.Signer signer) {
        this.signer = signer;
    }

    /** {@code log_key}: 32 bytes, which clients keep. */
    public byte[] publicKey() {
        return signer.publicKey().clone();
    }

    /** Signs the 49 bytes of a tree head that come before its signature. Less than 0.2 ms of CPU. */
    public byte[] signTreeHead(byte[] head) {
        try {
            return signer.sign().sign(Signed.TREE_HEAD.message(head));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a tree head cannot be signed", impossible);
        }
    }

    /** Of the one key that signs: a keyset in which another one does is another secret. */
    Map<Integer, byte[]> mark() {
        return Map.of(signer.keyId(), Hashes.sha256(signer.publicKey()));
    }
}
