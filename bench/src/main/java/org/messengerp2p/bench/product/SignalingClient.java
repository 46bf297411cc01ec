package org.messengerp2p.bench.product;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.util.List;
import java.util.function.Supplier;
import org.messengerp2p.bench.product.SignalingService.User;
import org.messengerp2p.bench.relay.RelayClient;
import org.messengerp2p.bench.relay.Sockets;
import org.messengerp2p.kit.identity.Device;

/** Speaks {@code /ws} (MP2P/1 §20.1): {@code u8 type | account 16 | u32 device | u32 ref | payload}. */
public final class SignalingClient implements RelayClient {

    private static final byte RELAY = 1;
    private static final byte TAKEN = 2;
    private static final int HEADER = 1 + 16 + 4 + 4;
    private static final String HELLO = "\"hello\"";
    private static final String ERROR = "\"error\"";

    private final Sockets sockets;
    private final Supplier<List<User>> users;
    private final boolean acknowledges;

    SignalingClient(Sockets sockets, Supplier<List<User>> users, boolean acknowledges) {
        this.sockets = sockets;
        this.users = users;
        this.acknowledges = acknowledges;
    }

    /** Completes with the first frame of the server. */
    @Override
    public Future<Connection> open(int user, Receiver receiver) {
        String token = "quarkus-http-upgrade%23Authorization%23Bearer%20"
                + users.get().get(user).token();
        return sockets.open(user, "/ws", List.of("bearer-token-carrier", token))
                .compose(socket -> new DeviceSocket(socket, receiver).greeted.future());
    }

    private final class DeviceSocket implements Connection {

        private final WebSocket socket;
        private final Receiver receiver;
        private final Promise<Connection> greeted = Promise.promise();
        private int ref;

        private DeviceSocket(WebSocket socket, Receiver receiver) {
            this.socket = socket;
            this.receiver = receiver;
            socket.textMessageHandler(this::told);
            socket.binaryMessageHandler(this::received);
            socket.closeHandler(closed -> {
                String why = "the connection was closed with " + socket.closeStatusCode();
                if (!greeted.tryFail(why)) {
                    receiver.refused(why);
                }
            });
        }

        @Override
        public void send(int to, Buffer body) {
            Device device = users.get().get(to).device();
            socket.writeBinaryMessage(Buffer.buffer(HEADER + body.length())
                    .appendByte(RELAY)
                    .appendBytes(device.account().bytes())
                    .appendUnsignedInt(device.device().value())
                    .appendInt(ref++)
                    .appendBuffer(body));
        }

        @Override
        public Future<Void> close() {
            return socket.close();
        }

        private void told(String text) {
            if (text.contains(HELLO)) {
                greeted.complete(this);
            } else if (text.contains(ERROR)) {
                receiver.refused(text);
            }
        }

        private void received(Buffer frame) {
            switch (frame.getByte(0)) {
                case RELAY -> {
                    receiver.message(frame.getBuffer(HEADER, frame.length()));
                    if (acknowledges) {
                        socket.writeBinaryMessage(
                                Buffer.buffer(HEADER).appendByte(TAKEN).appendBuffer(frame, 1, HEADER - 1));
                    }
                }
                case TAKEN -> {
                    // as wished
                }
                default -> receiver.refused("answered NOT_HERE");
            }
        }
    }
}
