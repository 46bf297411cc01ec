package org.messengerp2p.signaling.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.messengerp2p.signaling.connection.Dropped;
import org.messengerp2p.signaling.connection.MemoryShare;

/**
 * Counts what a peer has sent of a message that is not whole yet: in the decoder, the part of a frame, and before the
 * endpoint, the fragments. A whole message costs nothing here, so peers that send such ones notice nothing of those who
 * begin many and end none. What is counted must also come to its end in time. On the event loop alone.
 */
final class PartialMessage {

    /** Messages of usual size are in parts now and then, at every peer that sends at all. */
    static final int FREE = 8 * 1024;

    private static final int SHORT_HEADER = 2 + 4;
    private static final int LARGEST_SHORT = 125;
    private static final int LARGEST_MEDIUM = 65_535;

    private final MemoryShare all;
    private final int maxMessage;
    private final Duration patience;
    private Consumer<Dropped> whenOver;
    private long inDecoder;
    private long inFragments;
    private long taken;
    private long ended;
    private boolean awaited;
    private boolean over;

    /** @param patience time for the end of a message that is counted; it has that once more at most */
    PartialMessage(MemoryShare all, int maxMessage, Duration patience) {
        this.all = all;
        this.maxMessage = maxMessage;
        this.patience = patience;
    }

    /**
     * From now on bytes are frames.
     *
     * @param whenOver called once, where there is no memory for what came, or its end does not come; what comes later is
     *     thrown away
     */
    void begin(Consumer<Dropped> whenOver) {
        this.whenOver = whenOver;
    }

    /** What comes from the network, before the decoder of frames. */
    ChannelHandler bytes() {
        return new Bytes();
    }

    /** What comes from the decoder, before fragments are put together. */
    ChannelHandler frames() {
        return new Frames();
    }

    private void settle(ChannelHandlerContext context) {
        long held = inDecoder + inFragments;
        long wanted = held <= FREE ? 0 : held;
        if (wanted < taken || all.take(wanted - taken)) {
            if (wanted < taken) {
                all.giveBack(taken - wanted);
            }
            taken = wanted;
            awaitEnd(context);
        } else {
            end(Dropped.PARTIAL_FULL);
        }
    }

    /** One look at a time, and none is called off: messages end more often than time is up. */
    private void awaitEnd(ChannelHandlerContext context) {
        if (taken > 0 && !awaited) {
            awaited = true;
            long endedBefore = ended;
            context.executor().schedule(() -> look(context, endedBefore), patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look(ChannelHandlerContext context, long endedBefore) {
        awaited = false;
        if (taken > 0 && !over && ended == endedBefore) {
            end(Dropped.PARTIAL_LATE);
        } else if (!over) {
            awaitEnd(context);
        }
    }

    private void end(Dropped reason) {
        over = true;
        whenOver.accept(reason);
    }

    private final class Bytes extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (over) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (whenOver != null && message instanceof ByteBuf bytes) {
                // The decoder keeps no more: it throws away what follows a frame that is too large.
                inDecoder = Math.min(
                        inDecoder + bytes.readableBytes(),
                        maxMessage + Math.max(Wire.LARGEST_READ, Wire.LARGEST_DECRYPTED));
            }
            context.fireChannelRead(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (whenOver != null && !over) {
                settle(context);
            }
            context.fireChannelReadComplete();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            all.giveBack(taken);
            taken = 0;
            whenOver = null;
            context.fireChannelInactive();
        }
    }

    private final class Frames extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (whenOver != null && message instanceof WebSocketFrame frame) {
                count(frame);
            }
            context.fireChannelRead(message);
        }

        /** Frames that came before {@link #begin} were never counted. */
        private void count(WebSocketFrame frame) {
            int payload = frame.content().readableBytes();
            inDecoder = Math.max(0, inDecoder - headerOf(payload) - payload);
            if (frame instanceof ContinuationWebSocketFrame
                    || frame instanceof TextWebSocketFrame
                    || frame instanceof BinaryWebSocketFrame) {
                inFragments = frame.isFinalFragment() ? 0 : inFragments + payload;
                ended += frame.isFinalFragment() ? 1 : 0;
            }
        }

        private static int headerOf(int payload) {
            if (payload <= LARGEST_SHORT) {
                return SHORT_HEADER;
            }
            return payload <= LARGEST_MEDIUM ? SHORT_HEADER + 2 : SHORT_HEADER + 8;
        }
    }
}
