package org.messengerp2p.bench.relayfloor;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashMap;
import java.util.Map;

/** What {@code bench/relay-floor} does, on Vert.x alone and one event loop: {@code BareRelay <port>}. */
public final class BareRelay {

    private final Map<Integer, ServerWebSocket> connected = new HashMap<>();

    private BareRelay() {}

    public static void main(String[] arguments) {
        BareRelay relay = new BareRelay();
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(Integer.parseInt(arguments[0]))
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1))
                .createHttpServer(options)
                .webSocketHandler(relay::accept)
                .listen()
                .onFailure(failure -> {
                    failure.printStackTrace();
                    Runtime.getRuntime().halt(1);
                });
    }

    private void accept(ServerWebSocket socket) {
        int number = Integer.parseInt(socket.query());
        connected.put(number, socket);
        socket.closeHandler(closed -> connected.remove(number, socket));
        socket.binaryMessageHandler(frame -> passOn(number, frame));
    }

    private void passOn(int sender, Buffer frame) {
        ServerWebSocket peer = connected.get(frame.getInt(0));
        if (peer != null) {
            peer.writeBinaryMessage(frame.setInt(0, sender));
        }
    }
}
