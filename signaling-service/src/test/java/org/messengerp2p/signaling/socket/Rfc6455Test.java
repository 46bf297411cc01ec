package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;

/**
 * Frames along the chapters of RFC 6455, right ones and wrong ones. The close code says what was wrong (MP2P/1 §20.1);
 * a witness relays to itself before and after each, and hears of nothing else.
 */
@QuarkusTest
@Timeout(120)
class Rfc6455Test extends LiveSocketTest {

    private static final byte[] EMPTY = {};
    private static final int MAX_FRAME = 65_536;
    private static final int HEADER = 25;

    /** Text that is UTF-8 and no JSON ends by 1008; text that is not UTF-8 ends before anybody parses it. */
    private static final int IS_UTF_8 = 1008;

    private final Device device = newDevice();
    private final Device watcher = deviceOf(device.account());
    private SocketProbe witness;
    private long ref;

    @BeforeEach
    void connectWitness() {
        witness = connect(watcher);
    }

    @AfterEach
    void witnessHeardNothing() {
        assertTrue(witness.pending().stream().noneMatch(Buffer.class::isInstance));
    }

    @Test
    void lengthsAreTakenAtTheBoundariesOfTheirForms() throws IOException {
        try (RawSocket raw = open()) {
            for (int length : new int[] {HEADER, 125, 126, 127, 128, 32_768, HEADER + 40_960}) {
                raw.frame(RawSocket.BINARY, relayToItself(length, length));
                raw.readUntilRef(length);
            }
            for (int length : new int[] {HEADER + 40_961, 65_535, MAX_FRAME}) {
                raw.frame(RawSocket.BINARY, relayToItself(length, length));
                assertEquals(length, new JsonObject(raw.text("error")).getInteger("ref"));
            }
        }
    }

    @Test
    void aLengthThatIsNotInItsShortestFormIsClosedBy1002() throws IOException {
        for (int length : new int[] {0, 1, 125}) {
            assertCloses(1002, header(0x82, 126).putShort((short) length));
        }
        for (long length : new long[] {0, 125, 126, 65_535, -1, Long.MIN_VALUE}) {
            assertCloses(1002, header(0x82, 127).putLong(length));
        }
    }

    @Test
    void aMessageOverTheLimitIsClosedBy1009() throws IOException {
        assertCloses(1009, raw -> raw.frame(RawSocket.BINARY, new byte[MAX_FRAME + 1]));
        assertCloses(1009, raw -> raw.frame(RawSocket.BINARY, new byte[4 << 20]));
        assertCloses(1009, raw -> raw.frame(RawSocket.TEXT, new byte[MAX_FRAME + 1]));
        assertCloses(1009, header(0x82, 127).putLong(Long.MAX_VALUE));
        assertCloses(1009, raw -> {
            raw.fragment(RawSocket.BINARY, new byte[40_000]);
            raw.fragment(RawSocket.CONTINUATION, new byte[40_000]);
        });
    }

    @Test
    void pingsAreAnsweredByTheirBytesAndPongsByNothing() throws IOException {
        try (RawSocket raw = open()) {
            for (int length : new int[] {0, 1, 125}) {
                byte[] word = filled(length);
                raw.frame(RawSocket.PONG, filled(length));
                raw.frame(RawSocket.PING, word);
                assertArrayEquals(word, raw.pong());
            }
            for (byte word = 0; word < 10; word++) {
                raw.frame(RawSocket.PING, new byte[] {word});
            }
            byte last = -1;
            while (last != 9) {
                // The latest of several may be answered alone (§5.5.3), in their order in any case.
                byte answered = raw.pong()[0];
                assertTrue(answered > last);
                last = answered;
            }
        }
    }

    @Test
    void aFrameMayComeByteByByte() throws IOException {
        try (RawSocket raw = open()) {
            for (byte octet : RawSocket.encode(RawSocket.PING, filled(20))) {
                raw.write(new byte[] {octet});
            }
            assertArrayEquals(filled(20), raw.pong());
            for (byte octet : RawSocket.encode(RawSocket.BINARY, relayToItself(200, 7))) {
                raw.write(new byte[] {octet});
            }
            raw.readUntilRef(7);
        }
    }

    @Test
    void reservedBitsAreClosedBy1002() throws IOException {
        for (int bits = 1; bits <= 7; bits++) {
            int reserved = bits;
            for (int opcode :
                    new int[] {RawSocket.TEXT, RawSocket.BINARY, RawSocket.CLOSE, RawSocket.PING, RawSocket.PONG}) {
                assertCloses(1002, raw -> raw.withReservedBits(reserved, opcode, EMPTY));
            }
            assertCloses(1002, raw -> {
                raw.fragment(RawSocket.BINARY, EMPTY);
                raw.withReservedBits(reserved, RawSocket.CONTINUATION, EMPTY);
            });
        }
    }

    @Test
    void reservedOpcodesAreClosedBy1002() throws IOException {
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            assertCloses(1002, raw -> raw.frame(opcode, EMPTY));
            assertCloses(1002, raw -> raw.frame(opcode, filled(65)));
            assertCloses(1002, raw -> {
                raw.fragment(RawSocket.TEXT, EMPTY);
                raw.frame(opcode, EMPTY);
            });
        }
    }

    @Test
    void framesWithoutMaskAreClosedBy1002() throws IOException {
        for (int opcode :
                new int[] {RawSocket.TEXT, RawSocket.BINARY, RawSocket.CLOSE, RawSocket.PING, RawSocket.PONG}) {
            assertCloses(1002, raw -> raw.unmasked(opcode, EMPTY));
            assertCloses(1002, raw -> raw.unmasked(opcode, filled(20)));
        }
    }

    @Test
    void fragmentsAreOneMessageWithControlFramesBetween() throws IOException {
        byte[] relay = relayToItself(4_000, 9);
        try (RawSocket raw = open()) {
            raw.fragment(RawSocket.BINARY, EMPTY);
            for (int at = 0; at < relay.length; at += 40) {
                raw.frame(RawSocket.PING, filled(at % 126));
                raw.frame(RawSocket.PONG, EMPTY);
                raw.fragment(RawSocket.CONTINUATION, Buffer.buffer(relay).getBytes(at, at + 40));
            }
            raw.frame(RawSocket.CONTINUATION, EMPTY);

            raw.readUntilRef(9);
        }
        assertCloses(1000, raw -> {
            raw.fragment(RawSocket.BINARY, filled(10));
            raw.frame(RawSocket.CLOSE, close(1000, EMPTY));
        });
    }

    @Test
    void fragmentsOutOfOrderAreClosedBy1002() throws IOException {
        assertCloses(1002, raw -> raw.frame(RawSocket.CONTINUATION, EMPTY));
        assertCloses(1002, raw -> raw.fragment(RawSocket.CONTINUATION, EMPTY));
        for (int opcode : new int[] {RawSocket.TEXT, RawSocket.BINARY}) {
            assertCloses(1002, raw -> {
                raw.fragment(RawSocket.BINARY, EMPTY);
                raw.frame(opcode, EMPTY);
            });
            assertCloses(1002, raw -> {
                raw.fragment(RawSocket.BINARY, EMPTY);
                raw.fragment(opcode, EMPTY);
            });
        }
    }

    @Test
    void controlFramesInFragmentsOrOver125BytesAreClosedBy1002() throws IOException {
        for (int opcode : new int[] {RawSocket.CLOSE, RawSocket.PING, RawSocket.PONG}) {
            assertCloses(1002, raw -> raw.fragment(opcode, EMPTY));
            assertCloses(1002, raw -> raw.frame(opcode, filled(126)));
            assertCloses(1002, raw -> raw.frame(opcode, filled(65_536)));
        }
    }

    @Test
    void textThatIsUtf8IsTakenHoweverItIsCut() throws IOException {
        for (String hex :
                List.of("00", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf")) {
            byte[] text = bytes(hex);
            assertCloses(IS_UTF_8, raw -> raw.frame(RawSocket.TEXT, text));
            assertCloses(IS_UTF_8, raw -> byteByByte(raw, text));
        }
    }

    @Test
    void textThatIsNotUtf8IsClosedBy1007HoweverItIsCut() throws IOException {
        for (String hex : List.of(
                "80",
                "bf",
                "c0",
                "c080",
                "c0af",
                "c1bf",
                "c2",
                "c241",
                "df",
                "e08080",
                "e09fbf",
                "e0a0",
                "eda080",
                "edbfbf",
                "efbf",
                "f0808080",
                "f08fbfbf",
                "f09080",
                "f4908080",
                "f5808080",
                "f888808080",
                "fe",
                "ff",
                "fffe")) {
            byte[] text = bytes("c3a9" + hex);
            assertCloses(1007, raw -> raw.frame(RawSocket.TEXT, text));
            assertCloses(1007, raw -> byteByByte(raw, text));
        }
        // At once, though the message goes on.
        assertCloses(1007, raw -> raw.fragment(RawSocket.TEXT, bytes("41ff")));
        assertCloses(1007, raw -> {
            raw.fragment(RawSocket.TEXT, bytes("f4"));
            raw.fragment(RawSocket.CONTINUATION, bytes("90"));
        });
    }

    @Test
    void closeCodesThatAPeerMaySendAreAnsweredByThemselves() throws IOException {
        for (int code : new int[] {
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4401, 4999
        }) {
            assertCloses(code, raw -> raw.frame(RawSocket.CLOSE, close(code, EMPTY)));
            assertCloses(code, raw -> raw.frame(RawSocket.CLOSE, close(code, "Ende".getBytes(StandardCharsets.UTF_8))));
        }
        assertCloses(1000, raw -> raw.frame(RawSocket.CLOSE, close(1000, filled(123))));
        assertCloses(1000, raw -> raw.frame(RawSocket.CLOSE, EMPTY));
    }

    @Test
    void closeCodesThatNobodyMaySendAreClosedBy1002() throws IOException {
        for (int code :
                new int[] {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 9999, 32_767, 32_768, 65_535
                }) {
            assertCloses(1002, raw -> raw.frame(RawSocket.CLOSE, close(code, EMPTY)));
        }
        assertCloses(1002, raw -> raw.frame(RawSocket.CLOSE, new byte[] {3}));
    }

    @Test
    void aCloseReasonThatIsNotUtf8IsClosedBy1007() throws IOException {
        for (String hex : List.of("ff", "c3", "eda080", "41c0af")) {
            assertCloses(1007, raw -> raw.frame(RawSocket.CLOSE, close(1000, bytes(hex))));
        }
    }

    @Test
    void whatFollowsACloseFrameOrAViolationCountsNoMore() throws IOException {
        byte[] toWitness = Frames.relay(watcher, 1, "after the end").getBytes();
        for (byte[] end : List.of(RawSocket.encode(RawSocket.CLOSE, close(1000, EMPTY)), RawSocket.encode(3, EMPTY))) {
            ByteArrayOutputStream together = new ByteArrayOutputStream();
            together.writeBytes(end);
            together.writeBytes(RawSocket.encode(RawSocket.PING, EMPTY));
            together.writeBytes(RawSocket.encode(RawSocket.BINARY, toWitness));
            together.writeBytes(RawSocket.encode(RawSocket.CLOSE, close(1001, EMPTY)));

            assertCloses(end[0] == (byte) 0x83 ? 1002 : 1000, raw -> raw.write(together.toByteArray()));
        }
    }

    private void assertCloses(int code, ByteBuffer head) throws IOException {
        assertCloses(code, raw -> raw.write(head.array()));
    }

    /** By this code, and the witness does not notice. */
    private void assertCloses(int code, Deed deed) throws IOException {
        assertWitnessed();
        try (RawSocket raw = open()) {
            deed.commit(raw);
            assertEquals(code, raw.closeCode());
        }
        assertWitnessed();
    }

    private void assertWitnessed() {
        witness.send(Frames.relay(watcher, ++ref, "witness"));
        assertEquals(ref, Frames.parse(witness.nextFrame()).ref());
    }

    private RawSocket open() throws IOException {
        return RawSocket.open(ws(), token(device));
    }

    /** A whole frame of MP2P/1 §20.1 of so many bytes, which comes back to who sends it. */
    private byte[] relayToItself(int length, long frameRef) {
        return Frames.relay(device, frameRef, Buffer.buffer(filled(length - HEADER)))
                .getBytes();
    }

    /** The first two bytes of a frame, its mask and as much room as the length takes between them. */
    private static ByteBuffer header(int first, int lengthForm) {
        ByteBuffer head = ByteBuffer.allocate(lengthForm == 126 ? 8 : 14);
        return head.put((byte) first).put((byte) (0x80 | lengthForm));
    }

    private static void byteByByte(RawSocket raw, byte[] text) throws IOException {
        raw.fragment(RawSocket.TEXT, EMPTY);
        for (byte octet : text) {
            raw.fragment(RawSocket.CONTINUATION, new byte[] {octet});
        }
        raw.frame(RawSocket.CONTINUATION, EMPTY);
    }

    private static byte[] close(int code, byte[] reason) {
        return ByteBuffer.allocate(2 + reason.length)
                .putShort((short) code)
                .put(reason)
                .array();
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        IntStream.range(0, length).forEach(i -> bytes[i] = (byte) ('a' + i % 26));
        return bytes;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private interface Deed {
        void commit(RawSocket raw) throws IOException;
    }
}
