package org.messengerp2p.auth.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a signature of MP2P/1 §1 is for; its label is part of what is signed. */
public enum Signed {
    DEVICE_LIST("dlc"),
    DEVICE("device"),
    PREKEY("prekey"),
    LOGIN("login"),
    TREE_HEAD("sth");

    private final byte[] label;

    Signed(String name) {
        this.label = ("MP2P/1/sig/" + name + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether it is that key's signature for this purpose. About 0.1 ms, so a batch of these belongs on a worker. */
    public boolean by(VerifyingKey key, byte[] signature, byte[]... message) {
        return key.verifies(signature, message(message));
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
