package org.messengerp2p.bench.product;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.messengerp2p.bench.process.Child;
import org.messengerp2p.bench.process.Jvm;
import org.messengerp2p.bench.product.SignalingService.User;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * A client that keeps no rule, a process of its own: {@code HostileClient <address> <port> <file of its users>}. From
 * one address it tries to hold a socket open for each user, reads nothing of any and never stops sending on any. The
 * first device of two sends RELAYs to the second, which does not read; the second pings, and sends RELAYs to nobody.
 * Who is refused or closed comes again, not more often than the limit of handshakes lets it. It runs at the lowest
 * priority: its work on this machine is not what others are to wait for.
 */
public final class HostileClient {

    private static final int AGAIN_AFTER_MILLIS = 2_000;

    /** Of handshakes from an address there are 600 a minute. */
    private static final int AGAIN_APART_MILLIS = 100;

    private static final int APART_MILLIS = 5;
    private static final int SMALL_BUFFER = 4_096;
    private static final int AT_ONCE = 64 * 1024;

    private static final byte RELAY = 1;
    private static final int HEADER = 1 + 16 + 4 + 4;
    private static final int ENVELOPE = 4_096;
    private static final int BINARY = 0x82;
    private static final int PING = 0x89;
    private static final int LONGEST_PING = 125;
    private static final int MASKED = 0x80;
    private static final int LENGTH_FOLLOWS = 126;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Deque<Runnable> coming = new ArrayDeque<>();
    private final NetClient client;
    private final int port;

    private HostileClient(String address, int port) {
        this.client = vertx.createNetClient(
                new NetClientOptions().setLocalAddress(address).setReceiveBufferSize(SMALL_BUFFER));
        this.port = port;
    }

    static Child start(Path directory, String address, int port, List<User> users) {
        try {
            Path file = Files.createTempFile(directory, "hostile", ".users");
            Files.write(file, users.stream().map(HostileClient::line).toList());
            List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
            command.addAll(
                    Jvm.runningClass(HostileClient.class, List.of(address, String.valueOf(port), file.toString())));
            return Child.start(command, Map.of(), directory.resolve("hostile.log"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String line(User user) {
        Device device = user.device();
        return device.account().value() + " " + device.device().value() + " " + user.token();
    }

    private static User user(String line) {
        String[] parts = line.split(" ");
        Device device = new Device(new AccountId(UUID.fromString(parts[0])), new DeviceId(Long.parseLong(parts[1])));
        return new User(device, parts[2]);
    }

    public static void main(String[] arguments) throws IOException {
        HostileClient hostile = new HostileClient(arguments[0], Integer.parseInt(arguments[1]));
        hostile.begin(Files.readAllLines(Path.of(arguments[2])).stream()
                .map(HostileClient::user)
                .toList());
    }

    private void begin(List<User> users) {
        Buffer toNobody = repeated(binary(relay(new Device(new AccountId(UUID.randomUUID()), new DeviceId(1)), 0))
                .appendBuffer(frame(PING, Buffer.buffer(new byte[LONGEST_PING]))));
        for (int i = 0; i < users.size(); i++) {
            User user = users.get(i);
            Buffer frames = i % 2 == 0 ? repeated(binary(relay(users.get(i + 1).device(), ENVELOPE))) : toNobody;
            vertx.setTimer(1L + (long) i * APART_MILLIS, turn -> open(user, frames));
        }
        vertx.setPeriodic(AGAIN_APART_MILLIS, turn -> {
            if (!coming.isEmpty()) {
                coming.remove().run();
            }
        });
    }

    private void open(User user, Buffer frames) {
        client.connect(port, "127.0.0.1")
                .onSuccess(socket -> {
                    socket.handler(answer -> answered(socket, answer, frames));
                    socket.exceptionHandler(cut -> socket.close());
                    socket.closeHandler(closed -> openLater(user, frames));
                    socket.write(handshake(user));
                })
                .onFailure(refused -> openLater(user, frames));
    }

    private void openLater(User user, Buffer frames) {
        vertx.setTimer(AGAIN_AFTER_MILLIS, again -> coming.add(() -> open(user, frames)));
    }

    /** Of the first bytes; those are the last that it looks at. */
    private static void answered(NetSocket socket, Buffer answer, Buffer frames) {
        if (answer.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 101")) {
            socket.pause();
            socket.drainHandler(more -> send(socket, frames));
            send(socket, frames);
        } else {
            socket.close();
        }
    }

    private static void send(NetSocket socket, Buffer frames) {
        while (!socket.writeQueueFull()) {
            socket.write(frames);
        }
    }

    private Buffer handshake(User user) {
        String host = "localhost:" + port;
        return Buffer.buffer(String.join(
                "\r\n",
                "GET /ws HTTP/1.1",
                "Host: " + host,
                "Origin: http://" + host,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: bearer-token-carrier, quarkus-http-upgrade%23Authorization%23Bearer%20"
                        + user.token(),
                "",
                ""));
    }

    private static Buffer relay(Device to, int length) {
        return Buffer.buffer(HEADER + length)
                .appendByte(RELAY)
                .appendBytes(to.account().bytes())
                .appendUnsignedInt(to.device().value())
                .appendInt(0)
                .appendBytes(new byte[length]);
    }

    private static Buffer binary(Buffer payload) {
        return frame(BINARY, payload);
    }

    /** A mask of zeros leaves the payload as it is. */
    private static Buffer frame(int first, Buffer payload) {
        Buffer frame = Buffer.buffer().appendByte((byte) first);
        if (payload.length() < LENGTH_FOLLOWS) {
            frame.appendByte((byte) (MASKED | payload.length()));
        } else {
            frame.appendByte((byte) (MASKED | LENGTH_FOLLOWS)).appendUnsignedShort(payload.length());
        }
        return frame.appendInt(0).appendBuffer(payload);
    }

    private static Buffer repeated(Buffer frames) {
        Buffer all = Buffer.buffer(AT_ONCE + frames.length());
        while (all.length() < AT_ONCE) {
            all.appendBuffer(frames);
        }
        return all;
    }
}
