package org.messengerp2p.bench.relay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens sockets as browsers do, {@value #USERS_AN_ADDRESS} from each address of 127/8: a gateway that counts by address
 * then refuses none, even where each comes twice within a minute.
 */
public final class Sockets {

    static final int USERS_AN_ADDRESS = 25;

    private static final int ADDRESSES_A_NETWORK = 250;
    private static final int LARGEST_MESSAGE = 1 << 20;

    /** A handshake is as long as those that people's browsers send. */
    private static final Map<String, String> OF_A_BROWSER = Map.of(
            "User-Agent",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Accept-Encoding",
            "gzip, deflate, br, zstd",
            "Accept-Language",
            "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7",
            "Cache-Control",
            "no-cache",
            "Pragma",
            "no-cache");

    private final Vertx vertx;
    private final Entrance entrance;
    private final Map<Integer, WebSocketClient> clients = new HashMap<>();

    public Sockets(Vertx vertx, Entrance entrance) {
        this.vertx = vertx;
        this.entrance = entrance;
    }

    /** @param path with the query, if there is one */
    public Future<WebSocket> open(int user, String path, List<String> protocols) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setServer(SocketAddress.inetSocketAddress(entrance.port(), "127.0.0.1"))
                .setHost(entrance.host())
                .setPort(entrance.port())
                .setSsl(entrance.tls())
                .setURI(path)
                .setSubProtocols(protocols)
                .addHeader("Origin", entrance.origin());
        OF_A_BROWSER.forEach(options::addHeader);
        return clients.computeIfAbsent(user / USERS_AN_ADDRESS, this::from).connect(options);
    }

    private WebSocketClient from(int address) {
        return vertx.createWebSocketClient(new WebSocketClientOptions()
                .setLocalAddress("127.1." + address / ADDRESSES_A_NETWORK + "." + (1 + address % ADDRESSES_A_NETWORK))
                .setMaxConnections(3 * USERS_AN_ADDRESS)
                .setMaxFrameSize(LARGEST_MESSAGE)
                .setMaxMessageSize(LARGEST_MESSAGE)
                .setClosingTimeout(2)
                .setTrustAll(true)
                .setVerifyHost(false));
    }
}
