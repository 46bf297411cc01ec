package org.messengerp2p.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.kit.identity.AccountId;

/** The other end of the internal call: shows what auth-service tells mailbox-service, and refuses on demand. */
public class MailboxProbe implements QuarkusTestResourceLifecycleManager {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, BlockingQueue<Notice>> NOTICES = new ConcurrentHashMap<>();
    private static volatile boolean refusing;

    private HttpServer server;

    /** One call as it came. */
    public record Notice(String method, String authorization, JsonNode body) {}

    /** Waits for the next call about this account. */
    public static Notice next(AccountId account) throws InterruptedException {
        Notice notice = of(account.base64url()).poll(20, TimeUnit.SECONDS);
        if (notice == null) {
            throw new AssertionError("nothing was handed over");
        }
        return notice;
    }

    /** The calls about this account that have come by now and were not looked at. */
    public static List<Notice> rest(AccountId account) {
        List<Notice> rest = new ArrayList<>();
        of(account.base64url()).drainTo(rest);
        return rest;
    }

    /** From now on calls are shown but answered 503, or accepted again. */
    public static void refuse(boolean refuse) {
        refusing = refuse;
    }

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/internal/v1/devices/", MailboxProbe::accept);
        server.start();
        return Map.of(
                "mp2p.auth.directory.mailbox-url",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private static void accept(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        of(path.substring(path.lastIndexOf('/') + 1))
                .add(new Notice(
                        exchange.getRequestMethod(),
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        JSON.readTree(exchange.getRequestBody())));
        exchange.sendResponseHeaders(refusing ? 503 : 204, -1);
        exchange.close();
    }

    private static BlockingQueue<Notice> of(String account) {
        return NOTICES.computeIfAbsent(account, absent -> new LinkedBlockingQueue<>());
    }
}
