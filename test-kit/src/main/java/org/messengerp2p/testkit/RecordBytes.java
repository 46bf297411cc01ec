package org.messengerp2p.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Writes the protocol's big-endian records; written apart from the services, which only read them. */
final class RecordBytes {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    RecordBytes u8(int value) {
        bytes.write(value);
        return this;
    }

    RecordBytes u16(int value) {
        return raw(ByteBuffer.allocate(2).putShort((short) value).array());
    }

    RecordBytes u32(long value) {
        return raw(ByteBuffer.allocate(4).putInt((int) value).array());
    }

    RecordBytes u64(long value) {
        return raw(ByteBuffer.allocate(8).putLong(value).array());
    }

    RecordBytes raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    RecordBytes ascii(String value) {
        return raw(value.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    static byte[] sha256(byte[] value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] random(int length) {
        byte[] value = new byte[length];
        RANDOM.nextBytes(value);
        return value;
    }

    /** A random u32 other than zero. */
    static long randomId() {
        return (RANDOM.nextInt() & 0xFFFF_FFFFL) | 1;
    }

    static String base64url(byte[] value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }
}
