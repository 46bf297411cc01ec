package org.messengerp2p.signaling.socket;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bounds what is read of a peer before others have their turn. One that never stops sending has its next frames in the
 * network already; Netty would read up to 16 times 64 KiB of each, and only then let any of them be handled: with a
 * hundred of them on an event loop that is a second of others' time, and a hundred MiB. How much one read brings was
 * decided for the read that brought the handshake and cannot be changed after it; where the bytes go, can.
 */
final class ShortReads extends AbstractByteBufAllocator {

    /** What a part of a message may hold uncounted: it keeps the buffer that it came in. */
    static final int BYTES = PartialMessage.FREE;

    /** All connections have the same one. */
    private static final AtomicReference<ShortReads> LAST = new AtomicReference<>();

    private final ByteBufAllocator all;

    private ShortReads(ByteBufAllocator all) {
        this.all = all;
    }

    /**
     * From now on little of the channel is read in a turn.
     *
     * @param largest as many reads as this needs: what has come of it whole is not in parts for others' turns
     */
    static void begin(Channel channel, int largest) {
        channel.config().setAllocator(of(channel.alloc()));
        if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator reads) {
            reads.maxMessagesPerRead((largest + BYTES - 1) / BYTES);
        }
    }

    private static ShortReads of(ByteBufAllocator all) {
        ShortReads last = LAST.get();
        if (last != null && last.all == all) {
            return last;
        }
        ShortReads made = new ShortReads(all);
        LAST.set(made);
        return made;
    }

    /**
     * Asked for by nothing but reads. What they want is a guess by what came before, and after a quiet time too little
     * for a large message to come in one turn.
     */
    @Override
    public ByteBuf ioBuffer(int wanted) {
        return all.ioBuffer(BYTES);
    }

    @Override
    public CompositeByteBuf compositeBuffer(int mostParts) {
        return all.compositeBuffer(mostParts);
    }

    @Override
    public CompositeByteBuf compositeHeapBuffer(int mostParts) {
        return all.compositeHeapBuffer(mostParts);
    }

    @Override
    public CompositeByteBuf compositeDirectBuffer(int mostParts) {
        return all.compositeDirectBuffer(mostParts);
    }

    @Override
    public ByteBuf buffer() {
        return all.buffer();
    }

    @Override
    public ByteBuf buffer(int bytes) {
        return all.buffer(bytes);
    }

    @Override
    public ByteBuf buffer(int bytes, int most) {
        return all.buffer(bytes, most);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return all.isDirectBufferPooled();
    }

    @Override
    protected ByteBuf newHeapBuffer(int bytes, int most) {
        return all.heapBuffer(bytes, most);
    }

    @Override
    protected ByteBuf newDirectBuffer(int bytes, int most) {
        return all.directBuffer(bytes, most);
    }
}
