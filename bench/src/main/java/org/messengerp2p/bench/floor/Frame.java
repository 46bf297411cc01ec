package org.messengerp2p.bench.floor;

import io.vertx.core.buffer.Buffer;

/** Frames between the floor and its client: kind (1 byte), request (4), and what {@link Kind} says. */
final class Frame {

    static final int HEADER = 1 + Integer.BYTES;

    private Frame() {}

    enum Kind {
        /** recipient (4), body */
        STORE,
        /** nothing */
        STORED,
        /** recipient (4) */
        DRAIN,
        /** last id (8), count (4), and as often length (4) and body */
        PAGE,
        /** recipient (4), last id (8) */
        ACK,
        /** count (4) */
        ACKED;

        private static final Kind[] KINDS = values();
    }

    static Buffer of(Kind kind, int request, int room) {
        return Buffer.buffer(HEADER + room).appendByte((byte) kind.ordinal()).appendInt(request);
    }

    static Kind kind(Buffer frame) {
        return Kind.KINDS[frame.getByte(0)];
    }

    static int request(Buffer frame) {
        return frame.getInt(1);
    }
}
