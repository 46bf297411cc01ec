package org.messengerp2p.relayfloor;

import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Passes a frame {@code u32 peer | payload} on to the peer that it names, who gets it with the sender's number in that
 * place. What is for nobody is dropped. The query of the request is the peer's own number, and nothing else.
 */
@WebSocket(path = "/ws", inboundProcessingMode = InboundProcessingMode.CONCURRENT)
@Singleton
public class RelayEndpoint {

    private static final TypedKey<Integer> NUMBER = TypedKey.forInt("number");

    private final ConcurrentMap<Integer, WebSocketConnection> connected = new ConcurrentHashMap<>();

    @OnOpen
    Uni<Void> opened(WebSocketConnection socket) {
        int number = Integer.parseInt(socket.handshakeRequest().query());
        socket.userData().put(NUMBER, number);
        connected.put(number, socket);
        return Uni.createFrom().voidItem();
    }

    @OnBinaryMessage
    Uni<Void> passOn(Buffer frame, WebSocketConnection sender) {
        WebSocketConnection peer = connected.get(frame.getInt(0));
        if (peer == null) {
            return Uni.createFrom().voidItem();
        }
        frame.setInt(0, sender.userData().get(NUMBER));
        return peer.sendBinary(frame);
    }

    @OnClose
    Uni<Void> closed(WebSocketConnection socket) {
        connected.remove(socket.userData().get(NUMBER), socket);
        return Uni.createFrom().voidItem();
    }
}
