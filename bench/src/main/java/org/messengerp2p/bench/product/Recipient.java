package org.messengerp2p.bench.product;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.testkit.TestTokens;

/** An account with one device, and the token by which its contacts deliver. */
record Recipient(Device device, String deliveryToken) {

    private static final SecureRandom RANDOM = new SecureRandom();

    static Recipient random() {
        Device device = new Device(AccountId.of(bytes()), new DeviceId(1 + RANDOM.nextInt(Integer.MAX_VALUE)));
        return new Recipient(device, base64url(bytes()));
    }

    String account() {
        return device.account().base64url();
    }

    /** As one that has just signed in; it counts for ten minutes. */
    String newAccessToken() {
        return TestTokens.access(device, Audience.MAILBOX);
    }

    String deliveryTokenHash() {
        try {
            byte[] token = Base64.getUrlDecoder().decode(deliveryToken);
            return base64url(MessageDigest.getInstance("SHA-256").digest(token));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "Recipient[…]";
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
