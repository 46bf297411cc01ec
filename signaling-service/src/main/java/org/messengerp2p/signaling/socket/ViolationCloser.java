package org.messengerp2p.signaling.socket;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.signaling.connection.Dropped;
import org.messengerp2p.signaling.connection.Drops;

/** Answers a violation of RFC 6455 by its close code; neither passes anything on nor lets anything out after it. */
final class ViolationCloser extends ChannelDuplexHandler {

    /**
     * Bytes that arrive in this time after the close frame are read and thrown away. To close at once with bytes
     * unread resets the connection, and the reset overtakes the close frame.
     */
    private static final long LINGER_MILLIS = 1_000;

    private final Drops drops;
    private boolean violated;

    ViolationCloser(Drops drops) {
        this.drops = drops;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (violated) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (violated) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
        } else {
            context.write(message, promise);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (violated) {
            return;
        }
        WebSocketCloseStatus status = statusOf(cause);
        if (status == null) {
            context.fireExceptionCaught(cause);
        } else {
            violated = true;
            drops.count(status == WebSocketCloseStatus.MESSAGE_TOO_BIG ? Dropped.TOO_LARGE : Dropped.VIOLATION);
            context.writeAndFlush(new CloseWebSocketFrame(status, ""));
            context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static WebSocketCloseStatus statusOf(Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException violation) {
            return violation.closeStatus();
        }
        return cause instanceof TooLongFrameException ? WebSocketCloseStatus.MESSAGE_TOO_BIG : null;
    }
}
