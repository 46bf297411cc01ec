package org.messengerp2p.testkit;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 key that signs as MP2P/1 §1 has it. */
final class SigningSeed {
    private final byte[] seed = RecordBytes.random(Ed25519.SECRET_KEY_SIZE);
    private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];

    SigningSeed() {
        Ed25519.generatePublicKey(seed, 0, publicKey, 0);
    }

    byte[] publicKey() {
        return publicKey.clone();
    }

    /** @param label the last part of the label, such as {@code dlc} */
    byte[] sign(String label, byte[] message) {
        byte[] signed = new RecordBytes()
                .ascii("MP2P/1/sig/" + label + "\0")
                .raw(message)
                .toBytes();
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, signed, 0, signed.length, signature, 0);
        return signature;
    }
}
