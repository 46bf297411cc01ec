package org.messengerp2p.signaling.socket;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The network connection under a socket, with what RFC 6455 asks of a server and Vert.x leaves out: UTF-8 is checked,
 * a message in fragments is bounded as a whole, a violation is answered by its close code instead of a cut (else the
 * browser sees 1006 and cannot tell a defect from the network), nothing piles up for or from a peer that does not
 * keep up, and a silent peer is cut.
 *
 * @param network where the connection is written to and cut without Vert.x, which waits for the peer's answer
 */
record Wire(ChannelHandlerContext network, InboundFlow flow) {

    /** Vert.x' own handler at the end of the pipeline. */
    private static final String VERTX = "handler";

    /** Frames of one read are all decoded before reading can stop, so a read is kept small. */
    private static final int LARGEST_READ = 8 * 1024;

    /** Puts the rules into the pipeline of a connection that is about to become a socket. */
    static Wire prepare(Channel channel, int maxMessage, Duration silence) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(ViolationCloser.class) == null) {
            channel.config().setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(512, 2048, LARGEST_READ));
            pipeline.addBefore(VERTX, "mp2p-silence", silenceOf(silence));
            pipeline.addBefore(VERTX, "mp2p-utf8", new Utf8FrameValidator(false));
            pipeline.addBefore(VERTX, "mp2p-control-frames", new ControlFrames());
            pipeline.addBefore(VERTX, "mp2p-whole-messages", new WebSocketFrameAggregator(maxMessage));
            pipeline.addBefore(VERTX, "mp2p-inbound-flow", new InboundFlow());
            pipeline.addBefore(VERTX, "mp2p-violations", new ViolationCloser());
        }
        return new Wire(pipeline.context(ViolationCloser.class), pipeline.get(InboundFlow.class));
    }

    /** Vert.x closes a connection on this handler's event. */
    private static IdleStateHandler silenceOf(Duration time) {
        return new IdleStateHandler(time.toMillis(), 0, 0, TimeUnit.MILLISECONDS);
    }
}
