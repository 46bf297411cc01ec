package org.messengerp2p.auth.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.messengerp2p.kit.identity.AccountId;

/** {@code H} of MP2P/1 §1. */
public final class Hashes {
    private static final byte[] ACCOUNT_ID_LABEL = "MP2P/1/aid\0".getBytes(StandardCharsets.US_ASCII);

    private Hashes() {}

    /** SHA-256 over the parts, one after the other. */
    public static byte[] sha256(byte[]... parts) {
        MessageDigest digest = newSha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** The id that an account identity key gives itself (MP2P/1 §2). */
    public static AccountId accountId(byte[] aik) {
        return AccountId.of(Arrays.copyOf(sha256(ACCOUNT_ID_LABEL, aik), 16));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
