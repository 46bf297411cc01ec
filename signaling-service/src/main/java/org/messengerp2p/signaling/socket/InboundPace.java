package org.messengerp2p.signaling.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds the work that one peer makes: each frame costs, whatever it is and however it is answered. Who sends more than
 * a second's worth at once is not read for half a second and longer, until what came is paid for, and the network holds
 * it back; nothing is dropped. What is owed has a bound, else a peer that is not read for long would pass for a silent
 * one. On the event loop alone.
 */
final class InboundPace extends ChannelInboundHandlerAdapter {

    /** So many bytes cost as much as a frame. */
    private static final int BYTES_PER_FRAME = 16 * 1024;

    private static final long BURST = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanosPerFrame;
    private final long mostOwed;
    private final Reading reading;
    private final Runnable whenHeld;
    private final LongSupplier nanoTime;
    private long paidAt;
    private boolean held;

    /**
     * @param nanosPerFrame what a frame costs now
     * @param mostOwed so long a peer is held back at most for what one read brought
     * @param whenHeld called each time a peer is not read on
     */
    InboundPace(
            LongSupplier nanosPerFrame, Duration mostOwed, Reading reading, Runnable whenHeld, LongSupplier nanoTime) {
        this.nanosPerFrame = nanosPerFrame;
        this.mostOwed = Math.max(2 * BURST, mostOwed.toNanos());
        this.reading = reading;
        this.whenHeld = whenHeld;
        this.nanoTime = nanoTime;
        this.paidAt = nanoTime.getAsLong();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof WebSocketFrame frame) {
            pay(context, frame.content().readableBytes());
        }
        context.fireChannelRead(message);
    }

    private void pay(ChannelHandlerContext context, int bytes) {
        long now = nanoTime.getAsLong();
        long cost = nanosPerFrame.getAsLong() * (BYTES_PER_FRAME + bytes) / BYTES_PER_FRAME;
        paidAt = now + Math.min(mostOwed, Math.max(0, paidAt - now) + cost);
        if (!held && paidAt - now > BURST) {
            held = true;
            reading.hold();
            whenHeld.run();
            goOnAfter(context, paidAt - now);
        }
    }

    /** What has been read already goes on to come and to cost. */
    private void goOnAfter(ChannelHandlerContext context, long nanosOwed) {
        context.executor().schedule(() -> goOn(context), nanosOwed - BURST / 2, TimeUnit.NANOSECONDS);
    }

    private void goOn(ChannelHandlerContext context) {
        long owed = paidAt - nanoTime.getAsLong();
        if (owed > BURST) {
            goOnAfter(context, owed);
        } else {
            held = false;
            reading.letGo();
        }
    }
}
