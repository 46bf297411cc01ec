package org.messengerp2p.auth.transparency;

import java.nio.ByteBuffer;
import org.messengerp2p.auth.secret.LogKey;

/**
 * A signed tree head (MP2P/1 §10.1): so many leaves have this root.
 *
 * @param ms when it was signed, later than every head before it
 */
public record TreeHead(long size, long ms, byte[] root, byte[] signature) {
    private static final byte TYPE = 1;
    private static final int SIGNED_LENGTH = 1 + 8 + 8 + 32;
    private static final int LENGTH = SIGNED_LENGTH + 64;

    static TreeHead signed(Frontier log, long ms, LogKey key) {
        byte[] root = log.root();
        return new TreeHead(log.size(), ms, root, key.signTreeHead(signedPart(log.size(), ms, root)));
    }

    /** {@code u8 1 | u64 size | u64 ms | root 32 | signature 64}. */
    public byte[] encoded() {
        return ByteBuffer.allocate(LENGTH)
                .put(signedPart(size, ms, root))
                .put(signature)
                .array();
    }

    private static byte[] signedPart(long size, long ms, byte[] root) {
        return ByteBuffer.allocate(SIGNED_LENGTH)
                .put(TYPE)
                .putLong(size)
                .putLong(ms)
                .put(root)
                .array();
    }
}
