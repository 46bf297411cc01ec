package org.messengerp2p.signaling.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What RFC 6455 asks of a server and Vert.x leaves out: UTF-8 is checked, a message in fragments is bounded as a
 * whole, a violation is answered by its close code instead of a cut (else the browser sees 1006 and cannot tell a
 * defect from the network), pongs do not pile up for a peer that does not read, and a silent peer is cut. Installed
 * in the connection's pipeline before the upgrade.
 */
final class WireRules {

    private static final String BEFORE = "handler";
    private static final String LAST = "mp2p-close-codes";

    private WireRules() {}

    /** @return where the connection can be written to and cut without Vert.x, which waits for the peer's answer */
    static ChannelHandlerContext install(Channel channel, int maxMessage, Duration silence) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(LAST) == null) {
            add(pipeline, maxMessage, silence);
        }
        return pipeline.context(LAST);
    }

    private static void add(ChannelPipeline pipeline, int maxMessage, Duration silence) {
        pipeline.addBefore(
                BEFORE, "mp2p-silence", new IdleStateHandler(silence.toMillis(), 0, 0, TimeUnit.MILLISECONDS));
        pipeline.addBefore(BEFORE, "mp2p-utf8", new Utf8FrameValidator(false));
        pipeline.addBefore(BEFORE, "mp2p-whole-messages", new WebSocketFrameAggregator(maxMessage));
        pipeline.addBefore(BEFORE, LAST, new ViolationCloser());
    }
}
