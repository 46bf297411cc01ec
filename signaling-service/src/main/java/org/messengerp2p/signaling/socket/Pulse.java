package org.messengerp2p.signaling.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Asks a peer for a sign of life, and cuts it where none has come for long. By one timer for both: those that Quarkus
 * and Netty have are three, with a context of their own. On the event loop alone.
 */
final class Pulse extends ChannelInboundHandlerAdapter {

    private final long ping;
    private final long silence;
    private final LongSupplier nanoTime;
    private ChannelHandlerContext context;
    private BooleanSupplier closing;
    private Future<?> timer;
    private long heardAt;
    private long pingAt;

    /**
     * @param ping time between two pings
     * @param silence a peer of which nothing came for as long, not even a pong, is gone
     */
    Pulse(Duration ping, Duration silence, LongSupplier nanoTime) {
        this.ping = ping.toNanos();
        this.silence = silence.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    /**
     * From now on pings are sent.
     *
     * @param closing whether no more of them are wanted; silence counts all the same
     */
    void begin(BooleanSupplier closing) {
        this.closing = closing;
        heardAt = nanoTime.getAsLong();
        pingAt = heardAt + ping;
        awaitNext(heardAt);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        heardAt = nanoTime.getAsLong();
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (timer != null) {
            timer.cancel(false);
        }
        context.fireChannelInactive();
    }

    private void beat() {
        long now = nanoTime.getAsLong();
        if (now - heardAt >= silence) {
            context.close();
            return;
        }
        if (now - pingAt >= 0) {
            pingAt = now + ping;
            askForSign();
        }
        awaitNext(now);
    }

    private void askForSign() {
        if (!closing.getAsBoolean()) {
            context.writeAndFlush(new PingWebSocketFrame());
        }
    }

    private void awaitNext(long now) {
        if (context.channel().isActive()) {
            long next = Math.min(pingAt - now, heardAt + silence - now);
            timer = context.executor().schedule(this::beat, next, TimeUnit.NANOSECONDS);
        }
    }
}
