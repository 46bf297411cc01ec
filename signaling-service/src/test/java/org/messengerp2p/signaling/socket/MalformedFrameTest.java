package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.io.IOException;
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

    @Inject
    MeterRegistry meters;

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

        double before = malformed();
        for (Buffer frame : frames) {
            SocketProbe socket = connect(alice);
            socket.send(frame);
            assertEquals(1008, socket.end().code());
        }
        assertEquals(before + frames.size(), malformed());
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

    private double malformed() {
        return meters.get("mp2p.signaling.dropped")
                .tag("reason", "malformed")
                .counter()
                .count();
    }
}
