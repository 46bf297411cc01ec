package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShortReadsTest {

    private static final int PONG = 6;
    private static final int LARGEST = 41_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ByteBufAllocator all = channel.config().getAllocator();
    private RecvByteBufAllocator.ExtendedHandle reads;

    @BeforeEach
    void begin() {
        AdaptiveRecvByteBufAllocator sizes = new AdaptiveRecvByteBufAllocator();
        channel.config().setRecvByteBufAllocator(sizes);
        reads = (RecvByteBufAllocator.ExtendedHandle) sizes.newHandle();
        ShortReads.begin(channel, LARGEST);
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @Test
    void theLargestMessageThatHasComeIsReadWholeInATurnAlsoAfterAQuietTime() {
        for (int i = 0; i < 60; i++) {
            assertEquals(PONG, turn(PONG));
        }

        assertEquals(LARGEST, turn(LARGEST));
    }

    @Test
    void othersHaveTheirTurnBeforeMuchMoreIsRead() {
        for (int i = 0; i < 60; i++) {
            assertTrue(turn(1 << 20) < LARGEST + ShortReads.BYTES);
        }
    }

    @Test
    void whatIsPutTogetherIsAllocatedWhereAllIs() {
        ByteBuf parts = channel.config().getAllocator().compositeBuffer();
        try {
            assertSame(all, parts.alloc());
        } finally {
            parts.release();
        }
    }

    /** As Netty reads a socket. @return bytes read of so many that are there */
    private int turn(int there) {
        reads.reset(channel.config());
        int left = there;
        do {
            ByteBuf read = reads.allocate(channel.config().getAllocator());
            reads.attemptedBytesRead(read.writableBytes());
            reads.lastBytesRead(Math.min(left, read.writableBytes()));
            reads.incMessagesRead(1);
            left -= reads.lastBytesRead();
            read.release();
        } while (left > 0 && reads.continueReading());
        reads.readComplete();
        return there - left;
    }
}
