package org.messengerp2p.bench.relay;

import io.vertx.core.buffer.Buffer;
import java.util.Random;

/** Messages of 1 KiB that do not compress and begin with their number. */
final class Numbered {

    /** Of the number. */
    static final int BYTES = Integer.BYTES;

    private static final int LENGTH = 1024;
    private static final int KINDS = 64;

    private final Buffer[] rest = new Buffer[KINDS];

    Numbered() {
        Random random = new Random();
        for (int i = 0; i < KINDS; i++) {
            byte[] bytes = new byte[LENGTH - BYTES];
            random.nextBytes(bytes);
            rest[i] = Buffer.buffer(bytes);
        }
    }

    Buffer message(int number) {
        return Buffer.buffer(LENGTH).appendInt(number).appendBuffer(rest[number % KINDS]);
    }

    static int number(Buffer body) {
        return body.getInt(0);
    }
}
