package org.messengerp2p.signaling.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.util.function.Consumer;

/**
 * Hands binary messages over at once, past Vert.x and Quarkus: these make a context, a task and some thirty objects of
 * each, which costs as much as to relay it (docs/adr/0052). On the event loop alone.
 */
final class BinaryFrames extends ChannelInboundHandlerAdapter {

    private final InboundFlow flow;
    private Consumer<ByteBuf> receiver;

    /** @param flow what goes on to Vert.x; a message does not overtake what waits there */
    BinaryFrames(InboundFlow flow) {
        this.flow = flow;
    }

    /** From now on messages go to {@code receiver}, whose they are not to keep, and no further unless they must wait. */
    void begin(Consumer<ByteBuf> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (receiver == null || flow.isWaiting() || !(message instanceof BinaryWebSocketFrame frame)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            receiver.accept(frame.content());
        } finally {
            frame.release();
        }
    }
}
