package org.messengerp2p.auth.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** What a signature of MP2P/1 §1 is for; its label is part of what is signed. */
public enum Signed {
    DEVICE_LIST("dlc"),
    DEVICE("device"),
    PREKEY("prekey"),
    LOGIN("login"),
    TREE_HEAD("sth");

    private static final int PUBLIC_KEY_LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;

    private final byte[] label;

    Signed(String name) {
        this.label = ("MP2P/1/sig/" + name + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Strict Ed25519: Bouncy Castle refuses S ≥ L, encodings that are not canonical and keys of small order. About
     * 0.2 ms of CPU, so a batch of these belongs on a worker.
     */
    public boolean by(byte[] publicKey, byte[] signature, byte[]... message) {
        if (publicKey.length != PUBLIC_KEY_LENGTH || signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        byte[] signed = message(message);
        return Ed25519.verify(signature, 0, publicKey, 0, signed, 0, signed.length);
    }

    /** What is signed: the label, then the parts of the message. */
    public byte[] message(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(label);
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
