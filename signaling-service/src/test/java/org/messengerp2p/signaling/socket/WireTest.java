package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.signaling.connection.MemoryShare;

class WireTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    /** Else it would go on as it began, with up to 14 reads of 64 KiB more of what was sent behind the handshake. */
    @Test
    void theTurnThatBringsTheHandshakeEndsWithThatRead() {
        AdaptiveRecvByteBufAllocator sizes = new AdaptiveRecvByteBufAllocator();
        // As a socket of the network has it.
        sizes.maxMessagesPerRead(16);
        channel.config().setRecvByteBufAllocator(sizes);
        channel.pipeline().addLast("httpDecoder", new ChannelInboundHandlerAdapter());
        channel.pipeline().addLast("handler", new ChannelInboundHandlerAdapter());
        RecvByteBufAllocator.ExtendedHandle reads = (RecvByteBufAllocator.ExtendedHandle) sizes.newHandle();

        reads.reset(channel.config());
        fill(reads);
        assertTrue(reads.continueReading());
        prepare();
        assertFalse(reads.continueReading());

        channel.runPendingTasks();
        reads.reset(channel.config());
        assertEquals(ShortReads.BYTES, fill(reads));
        assertTrue(reads.continueReading());
    }

    /** More is there than a read takes. */
    private int fill(RecvByteBufAllocator.ExtendedHandle reads) {
        ByteBuf read = reads.allocate(channel.config().getAllocator());
        int bytes = read.writableBytes();
        reads.attemptedBytesRead(bytes);
        reads.lastBytesRead(bytes);
        reads.incMessagesRead(1);
        read.release();
        return bytes;
    }

    private void prepare() {
        MemoryShare memory = new MemoryShare(1 << 20);
        Duration second = Duration.ofSeconds(1);
        Wire.prepare(
                channel,
                new Wire.Rules(65_536, 40_960, second, second, second, 1, 1, memory, () -> {}, null),
                new Neighbours(memory, memory));
    }
}
