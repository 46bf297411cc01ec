package org.messengerp2p.auth.wire;

import java.util.Arrays;

/** Reads a big-endian record from start to end; what is short, long or out of range is refused (MP2P/1 §1). */
public final class RecordReader {
    private final byte[] bytes;
    private int at;

    public RecordReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public int u8() throws FormatException {
        return (int) unsigned(1);
    }

    public int u16() throws FormatException {
        return (int) unsigned(2);
    }

    public long u32() throws FormatException {
        return unsigned(4);
    }

    /** A u64 that fits a signed long, as every time and counter of the protocol does. */
    public long u64() throws FormatException {
        long value = unsigned(8);
        if (value < 0) {
            throw new FormatException("a number is out of range");
        }
        return value;
    }

    public byte[] take(int length) throws FormatException {
        if (length > bytes.length - at) {
            throw new FormatException("the record is too short");
        }
        byte[] taken = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return taken;
    }

    public void expectU8(int expected, String what) throws FormatException {
        if (u8() != expected) {
            throw new FormatException(what + " is unknown");
        }
    }

    /** How many bytes have been read. */
    public int position() {
        return at;
    }

    public int remaining() {
        return bytes.length - at;
    }

    public void expectEnd() throws FormatException {
        if (remaining() != 0) {
            throw new FormatException("the record is too long");
        }
    }

    private long unsigned(int length) throws FormatException {
        long value = 0;
        for (byte next : take(length)) {
            value = value << 8 | (next & 0xFF);
        }
        return value;
    }
}
