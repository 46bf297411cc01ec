package org.messengerp2p.mailbox.delivery;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What is kept of a delivery token (MP2P/1 §6.3): who reads the database cannot deliver by it. */
record DeliveryTokenHash(byte[] bytes) {

    private static final int LENGTH = 32;

    DeliveryTokenHash {
        if (bytes == null || bytes.length != LENGTH) {
            throw new IllegalArgumentException("the hash of a delivery token has 32 bytes");
        }
    }

    static DeliveryTokenHash ofToken(byte[] token) {
        try {
            return new DeliveryTokenHash(MessageDigest.getInstance("SHA-256").digest(token));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "DeliveryTokenHash[…]";
    }
}
