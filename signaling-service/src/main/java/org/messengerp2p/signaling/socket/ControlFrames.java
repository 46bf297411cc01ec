package org.messengerp2p.signaling.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * Answers pings and ends pongs here, so that neither becomes a task that waits in memory, and answers no ping while
 * earlier answers are unread: RFC 6455 §5.5.3 lets a server answer the latest of several. A close code of 5000 and more
 * is refused as those are that RFC 6455 §7.4.2 reserves, since nobody may define it, and so is a reason that ends within
 * a character; Netty takes both.
 */
final class ControlFrames extends ChannelInboundHandlerAdapter {

    private static final int LAST_CLOSE_CODE = 4999;
    private static final int CODE_LENGTH = 2;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof CloseWebSocketFrame close) {
            require(close, close.statusCode() <= LAST_CLOSE_CODE, WebSocketCloseStatus.PROTOCOL_ERROR);
            require(close, hasTextAsReason(close.content()), WebSocketCloseStatus.INVALID_PAYLOAD_DATA);
        }
        if (message instanceof PingWebSocketFrame ping && context.channel().isWritable()) {
            context.writeAndFlush(new PongWebSocketFrame(ping.content()));
        } else if (message instanceof PingWebSocketFrame || message instanceof PongWebSocketFrame) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean hasTextAsReason(ByteBuf body) {
        int length = body.readableBytes() - CODE_LENGTH;
        return length <= 0
                || ByteBufUtil.isText(body, body.readerIndex() + CODE_LENGTH, length, StandardCharsets.UTF_8);
    }

    private static void require(CloseWebSocketFrame close, boolean right, WebSocketCloseStatus otherwise) {
        if (!right) {
            close.release();
            throw new CorruptedWebSocketFrameException(otherwise, "a close frame that nobody may send");
        }
    }
}
