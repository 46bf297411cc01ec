package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.signaling.connection.Dropped;
import org.messengerp2p.signaling.connection.MemoryShare;

class PartialMessageTest {

    private static final int MAX_MESSAGE = 64 * 1024;
    private static final int ROOM = 200_000;
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final byte[] PAYLOAD = new byte[30_000];

    private final MemoryShare all = new MemoryShare(ROOM);
    private final PartialMessage partial = new PartialMessage(all, MAX_MESSAGE, PATIENCE);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Dropped> over = new ArrayList<>();

    @BeforeEach
    void begin() {
        channel.freezeTime();
        channel.pipeline()
                .addLast(partial.bytes())
                .addLast(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(MAX_MESSAGE)
                        .closeOnProtocolViolation(false)
                        .build()))
                .addLast(partial.frames());
        partial.begin(over::add);
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aWholeMessageHoldsNothingAfterItsLastByte() {
        byte[] frame = RawSocket.encode(RawSocket.BINARY, PAYLOAD);
        byte[] small = RawSocket.encode(RawSocket.PING, new byte[125]);

        come(Arrays.copyOf(frame, 20_000));
        assertEquals(20_000, all.held());
        come(Arrays.copyOfRange(frame, 20_000, frame.length));
        assertEquals(0, all.held());
        come(small);
        come(frame);
        come(RawSocket.encode(RawSocket.BINARY, new byte[MAX_MESSAGE]));
        assertEquals(0, all.held());
    }

    @Test
    void fragmentsAreHeldUntilTheLast() {
        come(RawSocket.encodeFragment(RawSocket.BINARY, PAYLOAD));
        come(RawSocket.encode(RawSocket.PING, new byte[5]));
        come(RawSocket.encodeFragment(RawSocket.CONTINUATION, PAYLOAD));
        assertEquals(2 * PAYLOAD.length, all.held());

        come(RawSocket.encode(RawSocket.CONTINUATION, new byte[1]));

        assertEquals(0, all.held());
    }

    @Test
    void aPartOfUsualSizeIsFree() {
        come(Arrays.copyOf(RawSocket.encode(RawSocket.BINARY, PAYLOAD), PartialMessage.FREE));

        assertEquals(0, all.held());
    }

    @Test
    void tellsWhereThereIsNoMemoryAndTakesNone() {
        all.take(ROOM - 10_000);

        come(RawSocket.encodeFragment(RawSocket.BINARY, PAYLOAD));

        assertEquals(List.of(Dropped.PARTIAL_FULL), over);
        assertEquals(ROOM - 10_000, all.held());
    }

    @Test
    void givesBackWhatAnEndedConnectionHeld() {
        come(RawSocket.encodeFragment(RawSocket.BINARY, PAYLOAD));

        channel.close();

        assertEquals(0, all.held());
    }

    @Test
    void whatFollowsAViolationIsNotHeld() {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable violation) {
                // As expected.
            }
        });
        come(RawSocket.encode(3, new byte[0]));

        for (int i = 0; i < 100; i++) {
            come(new byte[4_000]);
        }

        assertTrue(all.held() <= MAX_MESSAGE + Wire.LARGEST_DECRYPTED, "held " + all.held());
        assertEquals(List.of(), over);
    }

    @Test
    void tellsOnceAndThrowsAwayWhatComesAfterThereWasNoMemory() {
        all.take(ROOM - 10_000);
        come(RawSocket.encodeFragment(RawSocket.BINARY, PAYLOAD));
        ByteBuf later = Unpooled.wrappedBuffer(PAYLOAD);

        channel.writeInbound(later);

        assertEquals(List.of(Dropped.PARTIAL_FULL), over);
        assertEquals(0, later.refCnt());
    }

    @Test
    void tellsOfAMessageWhoseEndDoesNotCome() {
        come(RawSocket.encodeFragment(RawSocket.BINARY, PAYLOAD));
        pass(PATIENCE.minusMillis(1));
        come(RawSocket.encode(RawSocket.PING, new byte[5]));
        come(RawSocket.encodeFragment(RawSocket.CONTINUATION, new byte[1]));
        assertEquals(List.of(), over);

        pass(Duration.ofMillis(1));

        assertEquals(List.of(Dropped.PARTIAL_LATE), over);
    }

    @Test
    void whoEndsOneMessageAfterTheOtherHasTimeForEach() {
        for (int i = 0; i < 10; i++) {
            come(RawSocket.encodeFragment(RawSocket.BINARY, PAYLOAD));
            pass(PATIENCE.dividedBy(2));
            come(RawSocket.encode(RawSocket.CONTINUATION, new byte[1]));
        }
        pass(PATIENCE.multipliedBy(2));

        assertEquals(List.of(), over);
    }

    @Test
    void endsBeforeOneMessageAreNoReasonToWaitForTheNextWithoutEnd() {
        come(RawSocket.encodeFragment(RawSocket.BINARY, PAYLOAD));
        come(RawSocket.encode(RawSocket.CONTINUATION, new byte[1]));
        come(RawSocket.encodeFragment(RawSocket.BINARY, PAYLOAD));

        pass(PATIENCE);
        assertEquals(List.of(), over);
        pass(PATIENCE);

        assertEquals(List.of(Dropped.PARTIAL_LATE), over);
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void come(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }
}
