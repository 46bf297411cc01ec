package org.messengerp2p.bench.load;

import io.vertx.core.buffer.Buffer;
import java.util.Random;

/** Messages of 1 KiB that do not compress, no two of them equal. */
public final class Bodies {

    public static final int BYTES = 1024;

    private static final int NUMBER_BYTES = 2 * Long.BYTES;
    private static final int KINDS = 64;

    private final Buffer[] rest = new Buffer[KINDS];
    private final long run;
    private long number;

    public Bodies() {
        Random random = new Random();
        run = random.nextLong();
        for (int i = 0; i < KINDS; i++) {
            byte[] bytes = new byte[BYTES - NUMBER_BYTES];
            random.nextBytes(bytes);
            rest[i] = Buffer.buffer(bytes);
        }
    }

    public Buffer next() {
        number++;
        return Buffer.buffer(BYTES).appendLong(run).appendLong(number).appendBuffer(rest[(int) (number % KINDS)]);
    }
}
