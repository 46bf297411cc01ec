package org.messengerp2p.auth.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

class SignedTest {
    /** The field's prime and the group's order of RFC 8032 §5.1. */
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    private static final BigInteger L =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private static final byte[] SEED = new byte[32];
    private static final byte[] MESSAGE = {1, 2, 3};
    private static final byte[] LABELLED =
            concatenated("MP2P/1/sig/dlc\0".getBytes(StandardCharsets.US_ASCII), MESSAGE);

    @Test
    void bindsAPurpose() throws Exception {
        byte[] signature = sign();

        assertTrue(Signed.DEVICE_LIST.by(key(), signature, MESSAGE));
        assertFalse(Signed.PREKEY.by(key(), signature, MESSAGE));
    }

    @Test
    void refusesASecondFormOfTheSameSignature() throws Exception {
        byte[] signature = sign();
        byte[] sPlusL =
                littleEndian(number(Arrays.copyOfRange(signature, 32, 64)).add(L));

        assertFalse(Signed.DEVICE_LIST.by(key(), concatenated(Arrays.copyOf(signature, 32), sPlusL), MESSAGE));
    }

    /** The holder of a key can make it; the server would take a list that no client takes. */
    @Test
    void refusesASignatureWhoseRHasAPartOfSmallOrder() throws Exception {
        byte[] otherSeed = {
            9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9
        };
        byte[] r = plusPointOfOrderTwo(publicKey(otherSeed));
        BigInteger k =
                number(sha512(concatenated(r, publicKey(SEED), LABELLED))).mod(L);
        BigInteger s = scalar(otherSeed).add(k.multiply(scalar(SEED))).mod(L);

        byte[] signature = concatenated(r, littleEndian(s));

        assertTrue(
                Ed25519.verify(signature, 0, publicKey(SEED), 0, LABELLED, 0, LABELLED.length),
                "with the cofactor it is one");
        assertFalse(Signed.DEVICE_LIST.by(key(), signature, MESSAGE));
    }

    @Test
    void refusesOtherLengths() throws Exception {
        byte[] signature = sign();

        assertFalse(Signed.DEVICE_LIST.by(key(), Arrays.copyOf(signature, 63), MESSAGE));
        assertFalse(Signed.DEVICE_LIST.by(key(), Arrays.copyOf(signature, 65), MESSAGE));
        assertFalse(Signed.DEVICE_LIST.by(key(), new byte[0], MESSAGE));
    }

    private static VerifyingKey key() throws FormatException {
        return VerifyingKey.checked(publicKey(SEED));
    }

    private static byte[] sign() {
        byte[] signature = new byte[64];
        Ed25519.sign(SEED, 0, LABELLED, 0, LABELLED.length, signature, 0);
        return signature;
    }

    private static byte[] publicKey(byte[] seed) {
        byte[] key = new byte[32];
        Ed25519.generatePublicKey(seed, 0, key, 0);
        return key;
    }

    /** (x, y) + (0, -1) = (-x, -y). */
    private static byte[] plusPointOfOrderTwo(byte[] point) {
        byte[] y = point.clone();
        y[31] &= 0x7F;
        byte[] sum = littleEndian(P.subtract(number(y)));
        sum[31] |= (byte) (~point[31] & 0x80);
        return sum;
    }

    /** The secret scalar of a seed (RFC 8032 §5.1.5). */
    private static BigInteger scalar(byte[] seed) throws GeneralSecurityException {
        byte[] scalar = Arrays.copyOf(sha512(seed), 32);
        scalar[0] &= (byte) 0xF8;
        scalar[31] = (byte) (scalar[31] & 0x7F | 0x40);
        return number(scalar);
    }

    private static byte[] sha512(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-512").digest(bytes);
    }

    private static BigInteger number(byte[] littleEndian) {
        return new BigInteger(1, reversed(littleEndian));
    }

    private static byte[] littleEndian(BigInteger number) {
        byte[] bytes = reversed(number.toByteArray());
        assertEquals(0, bytes.length > 32 ? bytes[32] : 0);
        return Arrays.copyOf(bytes, 32);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static byte[] concatenated(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
