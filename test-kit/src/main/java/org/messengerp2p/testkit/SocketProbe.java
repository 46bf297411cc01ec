package org.messengerp2p.testkit;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A device's end of {@code /ws} in a test: connects as a browser does, keeps what arrives in its order, and waits for
 * what is asked for.
 */
public final class SocketProbe implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_EVENTS = 100_000;
    private static final int MOST_SOCKETS = 20_000;
    private static final Vertx VERTX = Vertx.vertx();
    private static final WebSocketClient CLIENT = VERTX.createWebSocketClient(new WebSocketClientOptions()
            .setMaxFrameSize(1 << 20)
            .setMaxMessageSize(1 << 20)
            .setMaxConnections(MOST_SOCKETS));

    private final BlockingQueue<Object> arrived = new ArrayBlockingQueue<>(MOST_EVENTS);
    private final ClientWebSocket socket = CLIENT.webSocket();

    /** Frames may follow the handshake at once, so the handlers are there before it. */
    private SocketProbe() {
        socket.textMessageHandler(text -> arrived.add(new JsonObject(text)));
        socket.binaryMessageHandler(arrived::add);
        socket.closeHandler(ended -> arrived.add(Closed.of(socket)));
    }

    /** How a connection ended; 1006 where no close frame came. */
    public record Closed(int code, String reason) {

        private static Closed of(WebSocket socket) {
            Short code = socket.closeStatusCode();
            return new Closed(code == null ? 1006 : code, socket.closeReason());
        }
    }

    /** Opens a socket from a page of the same host. */
    public static SocketProbe open(URI address, String token) {
        return connect(handshake(address, token, originOf(address)));
    }

    /** @param origin of the page; null for none */
    public static SocketProbe open(URI address, String token, String origin) {
        return connect(handshake(address, token, origin));
    }

    /**
     * The status by which a handshake is refused.
     *
     * @param token null for none
     * @param origin null for none
     */
    public static int refusal(URI address, String token, String origin) {
        try {
            await(onEventLoop(() -> CLIENT.connect(handshake(address, token, origin))))
                    .close();
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof UpgradeRejectedException rejection) {
                return rejection.getStatus();
            }
            throw new AssertionError("the handshake failed otherwise", refused);
        }
        throw new AssertionError("the handshake was not refused");
    }

    public static String originOf(URI address) {
        return ("wss".equals(address.getScheme()) ? "https://" : "http://") + address.getAuthority();
    }

    public void send(JsonObject message) {
        socket.writeTextMessage(message.encode());
    }

    public void sendText(String text) {
        socket.writeTextMessage(text);
    }

    public void send(Buffer frame) {
        socket.writeBinaryMessage(frame);
    }

    /** Sends at the pace of the network, so that a flood does not pile up on this side. */
    public void sendPaced(Buffer frame) {
        try {
            await(socket.writeBinaryMessage(frame));
        } catch (ExecutionException failure) {
            throw new AssertionError("the frame is not sent", failure.getCause());
        }
    }

    /** What the server selected of the offered subprotocols. */
    public String subprotocol() {
        return socket.subProtocol();
    }

    /** The next text frame of this kind; others before it are passed over, binary frames and the end are not. */
    public JsonObject next(String type) {
        while (true) {
            Object event = take("a text frame " + type);
            if (event instanceof JsonObject message) {
                if (type.equals(message.getString("t"))) {
                    return message;
                }
            } else {
                throw new AssertionError("waited for " + type + ", came " + event);
            }
        }
    }

    /** The very next event, which must be a text frame. */
    public JsonObject nextMessage() {
        return (JsonObject) take("a text frame");
    }

    /** The very next event: a text frame, a binary frame or the end. */
    public Object nextEvent() {
        return take("anything");
    }

    /** The next event if one has arrived, else null. */
    public Object poll() {
        return arrived.poll();
    }

    /** The next binary frame; text frames before it are passed over. */
    public Buffer nextFrame() {
        while (true) {
            Object event = take("a binary frame");
            if (event instanceof Buffer frame) {
                return frame;
            }
            if (event instanceof Closed closed) {
                throw new AssertionError("waited for a binary frame, came " + closed);
            }
        }
    }

    /** How the connection ends; what arrives before is passed over. */
    public Closed end() {
        while (true) {
            if (take("the end") instanceof Closed closed) {
                return closed;
            }
        }
    }

    /** What has arrived and was not asked for. */
    public List<Object> pending() {
        List<Object> events = new ArrayList<>();
        arrived.drainTo(events);
        return events;
    }

    @Override
    public void close() {
        if (!socket.isClosed()) {
            socket.close();
        }
    }

    private Object take(String what) {
        try {
            Object event = arrived.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new AssertionError("waited " + PATIENCE + " for " + what);
            }
            return event;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static WebSocketConnectOptions handshake(URI address, String token, String origin) {
        WebSocketConnectOptions handshake =
                new WebSocketConnectOptions().setAbsoluteURI(address.toString()).setAllowOriginHeader(origin != null);
        handshake.addSubProtocol("bearer-token-carrier");
        if (token != null) {
            handshake.addSubProtocol(
                    URLEncoder.encode("quarkus-http-upgrade#Authorization#Bearer " + token, StandardCharsets.UTF_8)
                            .replace("+", "%20"));
        }
        if (origin != null) {
            handshake.addHeader("Origin", origin);
        }
        return handshake;
    }

    private static SocketProbe connect(WebSocketConnectOptions handshake) {
        SocketProbe probe = new SocketProbe();
        try {
            await(onEventLoop(() -> probe.socket.connect(handshake)));
            return probe;
        } catch (ExecutionException refused) {
            throw new AssertionError("the socket does not open", refused.getCause());
        }
    }

    /** Called from outside, Vert.x would set the handlers on another event loop than that of the first frames. */
    private static <T> Future<T> onEventLoop(Supplier<Future<T>> call) {
        Promise<T> result = Promise.promise();
        VERTX.runOnContext(begin -> call.get().onComplete(result));
        return result.future();
    }

    private static <T> T await(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | TimeoutException failure) {
            throw new AssertionError("the other side does not get to it", failure);
        }
    }
}
