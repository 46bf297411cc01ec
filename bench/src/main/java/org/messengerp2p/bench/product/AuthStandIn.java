package org.messengerp2p.bench.product;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.messengerp2p.testkit.InternalSecretResource;
import org.messengerp2p.testkit.JwksResource;

/**
 * What the services need of auth-service: the key of the tokens, the secret of the calls between services, and that no
 * device was removed. Device lists are handed over before the load, so nobody is asked for one.
 */
final class AuthStandIn implements AutoCloseable {

    static final String SECRET = InternalSecretResource.SECRET;

    private final JwksResource keys = new JwksResource();
    private final InternalSecretResource secret = new InternalSecretResource();
    private final Map<String, String> settings = new HashMap<>();
    private final HttpServer server;

    AuthStandIn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/internal/v1/revocations", AuthStandIn::nobodyIsRemoved);
        server.start();
        settings.putAll(keys.start());
        settings.putAll(secret.start());
        settings.put(
                "mp2p.signaling.auth-internal-url",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void nobodyIsRemoved(HttpExchange exchange) throws IOException {
        byte[] answer = "{\"devices\":[],\"next\":\"0\",\"more\":false}".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    Map<String, String> settings() {
        return settings;
    }

    @Override
    public void close() {
        server.stop(0);
        secret.stop();
        keys.stop();
    }
}
