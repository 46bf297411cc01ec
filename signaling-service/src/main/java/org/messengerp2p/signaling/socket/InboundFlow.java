package org.messengerp2p.signaling.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;

/**
 * Stops reading from a peer while its messages, text most of all, wait to be handled. Vert.x and Quarkus schedule each message as a task
 * of its own, and an event loop reads on while tasks wait: a peer that sends faster than it is served would fill the
 * heap with tasks. On the event loop alone.
 */
final class InboundFlow extends ChannelInboundHandlerAdapter {

    private static final int STOP_AT = 64;
    private static final int GO_ON_AT = 16;

    private final Reading reading;
    private int waiting;
    private boolean stopped;

    InboundFlow(Reading reading) {
        this.reading = reading;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof BinaryWebSocketFrame || message instanceof TextWebSocketFrame) {
            waiting++;
            if (waiting >= STOP_AT && !stopped) {
                stopped = true;
                reading.hold();
            }
        }
        context.fireChannelRead(message);
    }

    /** Whether the endpoint has yet to handle a message. */
    boolean isWaiting() {
        return waiting > 0;
    }

    /** The endpoint is done with one message. */
    void handled() {
        waiting--;
        if (stopped && waiting <= GO_ON_AT) {
            stopped = false;
            reading.letGo();
        }
    }
}
