package org.messengerp2p.mailbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * auth-service's side of {@code GET /internal/v1/devices/{account}}. A test sets the answer by {@code PUT} to
 * {@code /test/devices/{account}} (an empty body: fails), and reads by {@code GET} there how often it was asked.
 */
public class AuthDouble implements QuarkusTestResourceLifecycleManager {

    public static final String SECRET = "a secret of more than thirty-two characters";

    private final Map<String, String> lists = new ConcurrentHashMap<>();
    private final Map<String, Integer> questions = new ConcurrentHashMap<>();
    private HttpServer server;
    private Path secretFile;

    @Override
    public Map<String, String> start() {
        try {
            secretFile = Files.createTempFile("internal-secret", null);
            Files.writeString(secretFile, SECRET);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/internal/v1/devices/", this::answer);
        server.createContext("/test/devices/", this::prepare);
        server.start();
        return Map.of(
                "mp2p.mailbox.auth-internal-url",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "mp2p.internal.secret-file",
                secretFile.toString());
    }

    @Override
    public void stop() {
        server.stop(0);
        try {
            Files.deleteIfExists(secretFile);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String account = lastSegment(exchange);
        if (!("Bearer " + SECRET).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "");
            return;
        }
        questions.merge(account, 1, Integer::sum);
        String list = lists.get(account);
        if (list == null) {
            send(exchange, 404, "");
        } else {
            send(exchange, list.isEmpty() ? 500 : 200, list);
        }
    }

    private void prepare(HttpExchange exchange) throws IOException {
        String account = lastSegment(exchange);
        if (exchange.getRequestMethod().equals("PUT")) {
            lists.put(account, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        }
        send(exchange, 200, String.valueOf(questions.getOrDefault(account, 0)));
    }

    private static String lastSegment(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
