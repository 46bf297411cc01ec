package org.messengerp2p.signaling.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.signaling.connection.Dropped;
import org.messengerp2p.signaling.connection.Drops;
import org.messengerp2p.signaling.connection.MemoryShare;

/**
 * The network connection under a socket, with what RFC 6455 asks of a server and Vert.x leaves out: UTF-8 is checked,
 * a message in fragments is bounded as a whole, a violation is answered by its close code instead of a cut (else the
 * browser sees 1006 and cannot tell a defect from the network), nothing piles up for or from a peer that does not
 * keep up or sends too fast, and a silent peer is cut.
 *
 * @param network where the connection is written to and cut without Vert.x: the handler next to it, so that all that is here
 *     sees what is written
 */
record Wire(ChannelHandlerContext network, BinaryFrames binary, InboundFlow flow, PartialMessage partial, Pulse pulse) {

    /** Vert.x' own handlers: what decodes requests, in whose place the decoder of frames comes, and the last one. */
    private static final String REQUESTS = "httpDecoder";

    private static final String VERTX = "handler";

    /** Frames of one read are all decoded before reading can stop. */
    static final int LARGEST_READ = ShortReads.BYTES;

    /** Of TLS, as much as a record has comes at once (RFC 8446 §5.1). */
    static final int LARGEST_DECRYPTED = 16 * 1024;

    /** In one of these parts of the time after which a peer is gone it is read at least once. */
    private static final int SILENT_PARTS = 4;

    /** What a RELAY has before its payload, in bytes (MP2P/1 §6.2), and its frame before it. */
    private static final int RELAY_HEAD = 25 + 14;

    /** Fragments are copied into one before their number costs more than their bytes. */
    private static final int MOST_PARTS = 16;

    private static final AttributeKey<Wire> KEY = AttributeKey.valueOf(Wire.class, "wire");

    /** Puts the rules into the pipeline of a connection that is about to become a socket; once, if it is tried again. */
    static Wire prepare(Channel channel, Rules rules, Neighbours neighbours) {
        Wire present = channel.attr(KEY).get();
        if (present != null) {
            return present;
        }
        Wire made = make(channel, rules, neighbours);
        channel.attr(KEY).set(made);
        return made;
    }

    private static Wire make(Channel channel, Rules rules, Neighbours neighbours) {
        ShortReads.begin(channel, RELAY_HEAD + rules.maxEnvelope());
        ChannelPipeline pipeline = channel.pipeline();
        Reading reading = new Reading(channel);
        endTurn(channel, reading);
        InboundFlow flow = new InboundFlow(reading);
        PartialMessage partial = new PartialMessage(neighbours.partial(), rules.maxMessage(), rules.messagePatience());
        pipeline.addBefore(REQUESTS, "mp2p-bytes", partial.bytes());
        pipeline.addBefore(
                VERTX,
                "mp2p-pace",
                new InboundPace(
                        () -> rules.nanosPerFrame(neighbours.open()),
                        rules.silence().dividedBy(SILENT_PARTS),
                        reading,
                        rules.whenHeld(),
                        System::nanoTime));
        pipeline.addBefore(VERTX, "mp2p-frames", partial.frames());
        pipeline.addBefore(VERTX, "mp2p-utf8", new Utf8FrameValidator(false));
        pipeline.addBefore(VERTX, "mp2p-control-frames", new ControlFrames());
        pipeline.addBefore(VERTX, "mp2p-whole-messages", wholeMessages(rules.maxMessage()));
        pipeline.addBefore(VERTX, "mp2p-violations", new ViolationCloser(rules.drops()));
        BinaryFrames binary = new BinaryFrames(flow);
        pipeline.addBefore(VERTX, "mp2p-binary-frames", binary);
        pipeline.addBefore(VERTX, "mp2p-inbound-flow", flow);
        Pulse pulse = new Pulse(rules.ping(), rules.silence(), System::nanoTime);
        pipeline.addBefore(VERTX, "mp2p-pulse", pulse);
        return new Wire(pipeline.context(pulse), binary, flow, partial, pulse);
    }

    /**
     * The turn that brought the handshake has begun with reads of another size. A peer waits for the answer before it
     * sends more (RFC 6455 §4.1); of one that does not, no more is read before others had their turn.
     */
    private static void endTurn(Channel channel, Reading reading) {
        reading.hold();
        channel.eventLoop().execute(reading::letGo);
    }

    /** What the connection is when it is a socket; called on its event loop. */
    interface OpenSocket {

        /** A binary message came, which is there for the call alone. */
        void receive(ByteBuf message);

        /** Called once, where a message does not come to its end. */
        void unended(Dropped reason);

        /** Nothing more is sent to it of itself. */
        boolean isClosing();
    }

    /** The connection is a socket from now on. */
    void begin(OpenSocket socket) {
        binary.begin(socket::receive);
        partial.begin(socket::unended);
        pulse.begin(socket::isClosing);
        // Vert.x' own, for connections of requests, is far more patient.
        ChannelPipeline pipeline = network.pipeline();
        if (pipeline.get(IdleStateHandler.class) != null) {
            pipeline.remove(IdleStateHandler.class);
        }
    }

    private static WebSocketFrameAggregator wholeMessages(int maxMessage) {
        WebSocketFrameAggregator aggregator = new WebSocketFrameAggregator(maxMessage);
        aggregator.setMaxCumulationBufferComponents(MOST_PARTS);
        return aggregator;
    }

    /**
     * What holds for every socket.
     *
     * @param maxEnvelope the largest payload of a RELAY
     * @param messagePatience time for the end of a message
     * @param partial memory for messages that are not whole yet
     * @param whenHeld called each time a peer that sends too fast is not read on
     */
    record Rules(
            int maxMessage,
            int maxEnvelope,
            Duration messagePatience,
            Duration ping,
            Duration silence,
            long framesPerSecond,
            long framesPerSecondByAddress,
            MemoryShare partial,
            Runnable whenHeld,
            Drops drops) {

        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

        /** @param open sockets of an address: the more there are, the less of its pace has each */
        long nanosPerFrame(int open) {
            return Math.max(SECOND / framesPerSecond, open * SECOND / framesPerSecondByAddress);
        }
    }
}
