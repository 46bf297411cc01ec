package org.messengerp2p.signaling.socket;

import io.netty.buffer.ByteBufUtil;
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

    private Consumer<Buffer> receiver;

    /** From now on messages go to {@code receiver}, and no further. */
    void begin(Consumer<Buffer> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (receiver == null || !(message instanceof BinaryWebSocketFrame frame)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            // Copied, since what came is part of memory that is used again.
            receiver.accept(Buffer.buffer(ByteBufUtil.getBytes(frame.content())));
        } finally {
            frame.release();
        }
    }
}
