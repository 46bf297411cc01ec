package org.messengerp2p.signaling.socket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A WebSocket peer that keeps no rule: writes what bytes it is told, reads only when it is told to. */
public final class RawSocket implements AutoCloseable {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int REF_AT = 21;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private RawSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    public static RawSocket open(URI address, String token) throws IOException {
        RawSocket raw = connect(address);
        raw.upgrade(address, token);
        return raw;
    }

    /** @param from the address to come from, one of this machine */
    public static RawSocket open(URI address, String token, String from) throws IOException {
        RawSocket raw = connect(address, from);
        raw.upgrade(address, token);
        return raw;
    }

    /**
     * Its handshake is not answered yet.
     *
     * @param behind sent with it in one
     */
    public static RawSocket ask(URI address, String token, byte[] behind) throws IOException {
        RawSocket raw = connect(address);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(handshake(address, token));
        all.writeBytes(behind);
        raw.write(all.toByteArray());
        return raw;
    }

    private static RawSocket connect(URI address) throws IOException {
        return connect(address, address.getHost());
    }

    private static RawSocket connect(URI address, String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
        socket.setSoTimeout(10_000);
        return new RawSocket(socket);
    }

    /** What a handshake that is refused is answered: status line, headers in lower case, and body. */
    public record Refusal(String status, Map<String, String> headers, String body) {}

    /** @param token null for none */
    public static Refusal refusal(URI address, String token, String origin) throws IOException {
        return refusal(address, token, origin, handshake -> handshake);
    }

    /** @param change what is wrong with the handshake */
    public static Refusal refusal(URI address, String token, String origin, UnaryOperator<String> change)
            throws IOException {
        return refusal(connect(address), change.apply(handshake(address, token, origin)));
    }

    /** Of a page of the same host, asked for from an address of this machine. */
    public static Refusal refusalFrom(String from, URI address, String token) throws IOException {
        return refusal(connect(address, from), handshake(address, token, "http://" + address.getAuthority()));
    }

    private static Refusal refusal(RawSocket connected, String handshake) throws IOException {
        try (RawSocket raw = connected) {
            raw.write(handshake.getBytes(StandardCharsets.US_ASCII));
            String[] head = raw.head().split("\r\n");
            Map<String, String> headers = Arrays.stream(head)
                    .skip(1)
                    .map(line -> line.split(": ", 2))
                    .collect(Collectors.toMap(line -> line[0].toLowerCase(Locale.ROOT), line -> line[1]));
            byte[] body = raw.in.readNBytes(Integer.parseInt(headers.get("content-length")));
            return new Refusal(head[0], headers, new String(body, StandardCharsets.UTF_8));
        }
    }

    private void upgrade(URI address, String token) throws IOException {
        write(handshake(address, token));
        awaitUpgrade();
    }

    /** Reads the answer to the handshake. */
    public void awaitUpgrade() throws IOException {
        String answer = head();
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new AssertionError("refused: " + answer);
        }
    }

    private static byte[] handshake(URI address, String token) {
        return handshake(address, token, "http://" + address.getAuthority()).getBytes(StandardCharsets.US_ASCII);
    }

    private static String handshake(URI address, String token, String origin) {
        String carrier =
                URLEncoder.encode("quarkus-http-upgrade#Authorization#Bearer " + token, StandardCharsets.UTF_8);
        return String.join(
                "\r\n",
                "GET /ws HTTP/1.1",
                "Host: " + address.getAuthority(),
                "Origin: " + origin,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: bearer-token-carrier"
                        + (token == null ? "" : ", " + carrier.replace("+", "%20")),
                "",
                "");
    }

    private String head() throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) in.readUnsignedByte());
        }
        return answer.toString();
    }

    /** A frame as RFC 6455 wants it from a client: final and masked. */
    public void frame(int opcode, byte[] payload) throws IOException {
        frame(FINAL | opcode, MASKED, payload);
    }

    /** A first or middle fragment. */
    public void fragment(int opcode, byte[] payload) throws IOException {
        frame(opcode, MASKED, payload);
    }

    public void unmasked(int opcode, byte[] payload) throws IOException {
        frame(FINAL | opcode, 0, payload);
    }

    /** @param bits RSV1 is 4, RSV2 is 2, RSV3 is 1 */
    public void withReservedBits(int bits, int opcode, byte[] payload) throws IOException {
        frame(FINAL | bits << 4 | opcode, MASKED, payload);
    }

    /** Says that nothing more comes; what the server says can still be read. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    private void frame(int first, int masked, byte[] payload) throws IOException {
        write(encode(first, masked, payload));
    }

    private static byte[] encode(int first, int masked, byte[] payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 14);
        bytes.write(first);
        if (payload.length <= 125) {
            bytes.write(masked | payload.length);
        } else if (payload.length <= 0xFFFF) {
            bytes.write(masked | 126);
            bytes.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            bytes.write(masked | 127);
            bytes.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        if (masked != 0) {
            // A mask of zeros leaves the payload as it is.
            bytes.writeBytes(new byte[4]);
        }
        bytes.writeBytes(payload);
        return bytes.toByteArray();
    }

    /** Bytes as they are, whether they are frames or not. */
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Reads until the close frame and tells its code. */
    public int closeCode() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0F;
            byte[] payload = payload();
            if (opcode == CLOSE) {
                return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
            }
        }
    }

    /** Reads until the server pings. */
    public void awaitPing() throws IOException {
        payloadOf(PING);
    }

    /** What the server answers to a ping. */
    public byte[] pong() throws IOException {
        return payloadOf(PONG);
    }

    private byte[] payloadOf(int opcode) throws IOException {
        while ((in.readUnsignedByte() & 0x0F) != opcode) {
            payload();
        }
        return payload();
    }

    /** Reads until the next text frame that is a message of this kind. */
    public String text(String type) throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0F;
            String payload = new String(payload(), StandardCharsets.UTF_8);
            if (opcode == CLOSE) {
                throw new AssertionError("closed before " + type);
            }
            if (opcode == TEXT && payload.contains("\"t\":\"" + type + "\"")) {
                return payload;
            }
        }
    }

    /** Reads until a binary frame with this ref (MP2P/1 §20.1). */
    public void readUntilRef(long ref) throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0F;
            byte[] payload = payload();
            if (opcode == CLOSE) {
                throw new AssertionError("closed before frame " + ref);
            }
            if (opcode == BINARY && ByteBuffer.wrap(payload).getInt(REF_AT) == (int) ref) {
                return;
            }
        }
    }

    /** Writes the same bytes until the server has taken so many in all, or cuts the connection. */
    public void flood(byte[] frames, long bytes) {
        try {
            for (long written = 0; written < bytes; written += frames.length) {
                out.write(frames);
            }
        } catch (IOException cut) {
            // The server had enough.
        }
    }

    /** A frame as bytes, to be repeated by {@link #flood}. */
    public static byte[] encode(int opcode, byte[] payload) {
        return encode(FINAL | opcode, MASKED, payload);
    }

    /** As {@link #encode(int, byte[])}, of a first or middle fragment. */
    public static byte[] encodeFragment(int opcode, byte[] payload) {
        return encode(opcode, MASKED, payload);
    }

    /** Waits until the server has cut the connection, by its end or by a reset. */
    public void awaitCut() {
        try {
            // What was under way may be some MiB, and is not looked at.
            byte[] passedOver = new byte[64 * 1024];
            while (in.read(passedOver) >= 0) {
                // until the end
            }
        } catch (SocketTimeoutException stillThere) {
            throw new AssertionError("the connection is still there", stillThere);
        } catch (IOException reset) {
            // As good as an end.
        }
    }

    private byte[] payload() throws IOException {
        int length = in.readUnsignedByte() & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        return in.readNBytes(length);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
