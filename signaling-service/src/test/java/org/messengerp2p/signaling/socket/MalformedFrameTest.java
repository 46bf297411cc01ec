package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;

/** The close code tells the client what it did wrong (MP2P/1 §20.1), and nobody else notices. */
@QuarkusTest
class MalformedFrameTest extends LiveSocketTest {

    private static final byte[] EMPTY = {};

    private final Device alice = newDevice();

    @Test
    void aFrameAgainstRfc6455IsClosedBy1002() throws IOException {
        assertEquals(1002, codeAfter(raw -> raw.unmasked(RawSocket.TEXT, EMPTY)));
        assertEquals(1002, codeAfter(raw -> raw.withReservedBit(RawSocket.TEXT, EMPTY)));
        assertEquals(1002, codeAfter(raw -> raw.frame(3, EMPTY)));
        assertEquals(1002, codeAfter(raw -> raw.frame(11, EMPTY)));
        assertEquals(1002, codeAfter(raw -> raw.frame(RawSocket.PING, new byte[126])));
        assertEquals(1002, codeAfter(raw -> raw.fragment(RawSocket.PING, EMPTY)));
        assertEquals(1002, codeAfter(raw -> raw.frame(RawSocket.CONTINUATION, EMPTY)));
        assertEquals(1002, codeAfter(raw -> raw.frame(RawSocket.CLOSE, new byte[] {3})));
        assertEquals(1002, codeAfter(raw -> raw.frame(RawSocket.CLOSE, new byte[] {0x03, (byte) 0xED})));
        assertEquals(1002, codeAfter(raw -> {
            raw.fragment(RawSocket.TEXT, EMPTY);
            raw.frame(RawSocket.TEXT, EMPTY);
        }));
    }

    @Test
    void textThatIsNotUtf8IsClosedBy1007() throws IOException {
        byte[] overlong = {(byte) 0xC0, (byte) 0xAF};

        assertEquals(1007, codeAfter(raw -> raw.frame(RawSocket.TEXT, overlong)));
        assertEquals(1007, codeAfter(raw -> {
            raw.fragment(RawSocket.TEXT, "é".getBytes(StandardCharsets.UTF_8));
            raw.frame(RawSocket.CONTINUATION, overlong);
        }));
    }

    @Test
    void aMessageOverTheLimitIsClosedBy1009() throws IOException {
        assertEquals(1009, codeAfter(raw -> raw.frame(RawSocket.BINARY, new byte[65_537])));
        assertEquals(1009, codeAfter(raw -> raw.frame(RawSocket.BINARY, new byte[4 << 20])));
        assertEquals(1009, codeAfter(raw -> {
            raw.fragment(RawSocket.BINARY, new byte[40_000]);
            raw.fragment(RawSocket.CONTINUATION, new byte[40_000]);
        }));
    }

    @Test
    void aMessageOfTheWrongFormIsClosedBy1008() {
        List<String> texts = new ArrayList<>(List.of(
                "",
                "no json",
                "[]",
                "{}",
                "null",
                "{\"t\":\"hello\"}",
                "{\"t\":\"watch\"}",
                "{\"t\":\"watch\",\"list\":[null]}",
                "{\"t\":\"watch\",\"list\":[{\"account\":\"short\",\"token\":\"AAAAAAAAAAAAAAAAAAAAAA\"}]}",
                "{\"t\":\"watch\",\"list\":[{\"account\":\"" + alice.account().base64url() + "\",\"token\":\"AA\"}]}",
                "{\"t\":\"reauth\"}",
                "{\"t\":\"reauth\",\"token\":{}}",
                "{\"t\":\"watch\",\"list\":[]} trailing"));
        texts.add("[".repeat(60_000));

        for (String text : texts) {
            SocketProbe socket = connect(alice);
            socket.sendText(text);
            assertEquals(1008, socket.end().code(), text.length() > 200 ? "nesting" : text);
        }
    }

    @Test
    void aBinaryFrameOfTheWrongFormIsClosedBy1008() {
        Device nobody = newDevice();
        List<Buffer> frames = List.of(
                Buffer.buffer(),
                Buffer.buffer(new byte[24]),
                Frames.frame(0, nobody, 1, Buffer.buffer()),
                Frames.frame(4, nobody, 1, Buffer.buffer()),
                Frames.frame(Frames.NOT_HERE, nobody, 1, Buffer.buffer()),
                Frames.frame(Frames.TAKEN, nobody, 1, Buffer.buffer("abc")),
                Frames.frame(Frames.TAKEN, nobody, 1, Buffer.buffer(new byte[4 * 256])),
                Frames.relay(nobody, 1, "x").setUnsignedInt(17, 0));

        for (Buffer frame : frames) {
            SocketProbe socket = connect(alice);
            socket.send(frame);
            assertEquals(1008, socket.end().code());
        }
    }

    @Test
    void fragmentsWithAPingBetweenAreOneMessage() throws IOException {
        byte[] json = new JsonObject()
                .put("t", "watch")
                .put("list", List.of())
                .toBuffer()
                .getBytes();
        try (RawSocket raw = RawSocket.open(ws(), token(alice))) {
            raw.fragment(RawSocket.TEXT, EMPTY);
            raw.frame(RawSocket.PING, EMPTY);
            raw.fragment(RawSocket.CONTINUATION, json);
            raw.frame(RawSocket.CONTINUATION, EMPTY);
            raw.frame(
                    RawSocket.BINARY, Frames.frame(9, alice, 1, Buffer.buffer()).getBytes());

            assertEquals(1008, raw.closeCode(), "closed by the last frame, not by the text before");
        }
    }

    @Test
    void anotherConnectionDoesNotNotice() throws IOException {
        SocketProbe bystander = connect(newDevice());

        codeAfter(raw -> raw.frame(RawSocket.TEXT, new byte[] {(byte) 0xFF}));

        assertTrue(bystander.pending().isEmpty());
        bystander.send(watchMessage(alice));
        bystander.next("presence");
    }

    @Test
    void aPeerThatDoesNotAnswerTheCloseIsCut() throws IOException {
        try (RawSocket raw = RawSocket.open(ws(), token(alice))) {
            raw.frame(3, EMPTY);
            assertEquals(1002, raw.closeCode());
            raw.awaitCut();
        }
        try (RawSocket raw = RawSocket.open(ws(), token(alice))) {
            raw.frame(RawSocket.BINARY, EMPTY);
            assertEquals(1008, raw.closeCode());
            raw.awaitCut();
        }
    }

    private int codeAfter(Misdeed misdeed) throws IOException {
        try (RawSocket raw = RawSocket.open(ws(), token(alice))) {
            misdeed.commit(raw);
            return raw.closeCode();
        }
    }

    private interface Misdeed {
        void commit(RawSocket raw) throws IOException;
    }
}
