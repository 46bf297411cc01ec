package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BinaryFramesTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final InboundFlow flow = new InboundFlow(new Reading(channel));
    private final BinaryFrames binary = new BinaryFrames(flow);
    private final List<Byte> received = new ArrayList<>();

    @BeforeEach
    void begin() {
        channel.pipeline().addLast(binary, flow);
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @Test
    void handsOverWhatComesAndTakesTheMemoryBack() {
        binary.begin(frame -> received.add(frame.getByte(frame.readerIndex())));
        ByteBuf memory = Unpooled.buffer().writeBytes(new byte[] {1, 2, 3});

        channel.writeInbound(new BinaryWebSocketFrame(memory.retainedSlice()));
        assertEquals(List.of((byte) 1), received);
        assertEquals(1, memory.refCnt());
        memory.release();
        assertEquals(0, channel.inboundMessages().size());
    }

    @Test
    void passesOnWhatIsNotBinaryAndWhatCameBeforeItBegan() {
        WebSocketFrame early = new BinaryWebSocketFrame(Unpooled.buffer());
        WebSocketFrame text = new TextWebSocketFrame("text");

        channel.writeInbound(early);
        flow.handled();
        binary.begin(frame -> received.add(frame.getByte(frame.readerIndex())));
        channel.writeInbound(text);

        assertSame(early, channel.readInbound());
        assertSame(text, channel.readInbound());
        assertEquals(List.of(), received);
        early.release();
        text.release();
    }

    @Test
    void aMessageDoesNotOvertakeTextThatWaits() {
        WebSocketFrame text = new TextWebSocketFrame("text");
        WebSocketFrame behind = new BinaryWebSocketFrame(Unpooled.buffer());
        binary.begin(frame -> received.add(frame.getByte(frame.readerIndex())));

        channel.writeInbound(text, behind);
        assertEquals(List.of(), received);
        flow.handled();
        flow.handled();
        channel.writeInbound(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {1})));

        assertEquals(List.of((byte) 1), received);
        assertSame(text, channel.readInbound());
        assertSame(behind, channel.readInbound());
        text.release();
        behind.release();
    }

    @Test
    void tellsOfADefectAndLeaksNothing() {
        binary.begin(frame -> {
            throw new IllegalStateException("a defect");
        });
        ByteBuf memory = Unpooled.buffer();

        assertThrows(IllegalStateException.class, () -> channel.writeInbound(new BinaryWebSocketFrame(memory)));

        assertEquals(0, memory.refCnt());
        assertFalse(channel.finish());
    }
}
