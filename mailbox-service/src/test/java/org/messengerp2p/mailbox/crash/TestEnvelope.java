package org.messengerp2p.mailbox.crash;

import java.nio.ByteBuffer;
import java.util.Random;

/** Opaque to the service; to the harness an envelope that names its place: who, to whom, the how-manieth. */
record TestEnvelope(int sender, int recipient, int number) {

    static final TestEnvelope FOREIGN = new TestEnvelope(-1, -1, -1);

    private static final int LENGTH = 1024;
    private static final long MARK = 0x4D503250_43525348L;

    /** Bytes that no other envelope has. */
    byte[] bytes(Random random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putLong(MARK).putInt(sender).putInt(recipient).putInt(number);
        return bytes;
    }

    /** @return {@link #FOREIGN} for bytes that no run has made */
    static TestEnvelope read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length != LENGTH || buffer.getLong() != MARK) {
            return FOREIGN;
        }
        return new TestEnvelope(buffer.getInt(), buffer.getInt(), buffer.getInt());
    }
}
