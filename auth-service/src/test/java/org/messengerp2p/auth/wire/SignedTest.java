package org.messengerp2p.auth.wire;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedTest {
    private static final byte[] SEED = new byte[32];
    private static final byte[] MESSAGE = {1, 2, 3};

    @Test
    void bindsAPurpose() {
        byte[] signature = sign("MP2P/1/sig/dlc\0");

        assertTrue(Signed.DEVICE_LIST.by(publicKey(), signature, MESSAGE));
        assertFalse(Signed.PREKEY.by(publicKey(), signature, MESSAGE));
    }

    @Test
    void refusesASecondFormOfTheSameSignature() {
        byte[] signature = sign("MP2P/1/sig/dlc\0");

        // S + L is the same number modulo the group's order.
        byte[] order = HexFormat.of().parseHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        int carry = 0;
        for (int i = 0; i < 32; i++) {
            carry += (signature[32 + i] & 0xFF) + (order[i] & 0xFF);
            signature[32 + i] = (byte) carry;
            carry >>= 8;
        }

        assertFalse(Signed.DEVICE_LIST.by(publicKey(), signature, MESSAGE));
    }

    /** With a key of small order R = identity and S = 0 would sign anything. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void refusesKeysOfSmallOrderAndOfAnotherEncoding(String key) {
        byte[] signature = new byte[64];
        signature[0] = 1;

        assertFalse(Signed.DEVICE_LIST.by(HexFormat.of().parseHex(key), signature, MESSAGE));
    }

    @Test
    void refusesOtherLengths() {
        byte[] signature = sign("MP2P/1/sig/dlc\0");

        assertFalse(Signed.DEVICE_LIST.by(publicKey(), Arrays.copyOf(signature, 63), MESSAGE));
        assertFalse(Signed.DEVICE_LIST.by(Arrays.copyOf(publicKey(), 33), signature, MESSAGE));
    }

    private static byte[] publicKey() {
        byte[] key = new byte[32];
        Ed25519.generatePublicKey(SEED, 0, key, 0);
        return key;
    }

    private static byte[] sign(String label) {
        byte[] signed = new byte[label.length() + MESSAGE.length];
        System.arraycopy(label.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, signed, 0, label.length());
        System.arraycopy(MESSAGE, 0, signed, label.length(), MESSAGE.length);
        byte[] signature = new byte[64];
        Ed25519.sign(SEED, 0, signed, 0, signed.length, signature, 0);
        return signature;
    }
}
