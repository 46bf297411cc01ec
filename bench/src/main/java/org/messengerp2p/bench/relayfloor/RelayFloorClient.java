package org.messengerp2p.bench.relayfloor;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.util.List;
import org.messengerp2p.bench.relay.RelayClient;
import org.messengerp2p.bench.relay.Sockets;

/** Frames {@code u32 peer | payload}. */
final class RelayFloorClient implements RelayClient {

    private final Sockets sockets;

    RelayFloorClient(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public Future<Connection> open(int user, Receiver receiver) {
        return sockets.open(user, "/ws?" + user, List.of()).map(socket -> {
            socket.binaryMessageHandler(frame -> receiver.message(frame.getBuffer(Integer.BYTES, frame.length())));
            socket.closeHandler(closed -> receiver.refused("the connection was closed"));
            return new FloorConnection(socket);
        });
    }

    private record FloorConnection(WebSocket socket) implements Connection {

        @Override
        public void send(int to, Buffer body) {
            socket.writeBinaryMessage(
                    Buffer.buffer(Integer.BYTES + body.length()).appendInt(to).appendBuffer(body));
        }

        @Override
        public Future<Void> close() {
            return socket.close();
        }
    }
}
