package org.messengerp2p.signaling.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Hands binary messages over at once, past Vert.x and Quarkus: these make a context, a task and some thirty objects of
 * each, which costs as much as to relay it (docs/adr/0052). On the event loop alone.
 */
final class BinaryFrames extends ChannelInboundHandlerAdapter {

    private final InboundFlow flow;
    private Consumer<Buffer> receiver;

    /** @param flow what goes on to Vert.x; a message does not overtake what waits there */
    BinaryFrames(InboundFlow flow) {
        this.flow = flow;
    }

    /** From now on messages go to {@code receiver}, and no further unless they must wait. */
    void begin(Consumer<Buffer> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (receiver == null || flow.isWaiting() || !(message instanceof BinaryWebSocketFrame frame)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            receiver.accept(copied(frame.content()));
        } finally {
            frame.release();
        }
    }

    /** What came is part of memory that is used again. */
    @SuppressWarnings("deprecation") // What Vert.x 5 has in its place is not there yet.
    private static Buffer copied(ByteBuf content) {
        return Buffer.buffer(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(content)));
    }
}
