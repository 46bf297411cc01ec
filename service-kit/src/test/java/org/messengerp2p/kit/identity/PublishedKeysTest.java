package org.messengerp2p.kit.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishedKeysTest {
    private static final long LONGEST_NANOS = Duration.ofSeconds(20).toNanos();

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<String> published = new AtomicReference<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger readings = new AtomicInteger();
    private volatile boolean stalled;
    private HttpServer server;
    private PublishedKeys keys;

    @BeforeEach
    void publish() throws Exception {
        published.set(jwks("one"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/jwks", exchange -> {
            readings.incrementAndGet();
            if (stalled) {
                awaitRelease();
            }
            byte[] body = published.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        keys = new PublishedKeys(vertx, settings(server.getAddress().getPort()));
        keys.read();
        await(keys::loaded);
    }

    @AfterEach
    void stop() {
        released.countDown();
        keys.close();
        server.stop(0);
        vertx.close();
    }

    @Test
    void takesWhatIsPublishedNow() throws Exception {
        published.set(jwks("two"));

        await(() -> keys.byKeyId("two").isPresent() && keys.byKeyId("one").isEmpty());
    }

    @Test
    void keepsWhatItKnowsWhenTheReadingFails() throws Exception {
        published.set("{");

        int before = readings.get();
        await(() -> readings.get() >= before + 2);

        assertTrue(keys.byKeyId("one").isPresent());
    }

    /** What auth-service publishes between its start and its first look into the database. */
    @Test
    void keepsWhatItKnowsWhenNothingIsPublishedYet() throws Exception {
        published.set("{\"keys\":[]}");

        int before = readings.get();
        await(() -> readings.get() >= before + 2);

        assertTrue(keys.byKeyId("one").isPresent());
    }

    @Test
    void tellsOnceThatTheReadingFailsAndOnceThatItSucceedsAgain() throws Exception {
        List<Integer> told = Collections.synchronizedList(new ArrayList<>());
        Logger log = Logger.getLogger(PublishedKeys.class.getName());
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord line) {
                told.add(line.getLevel().intValue());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(listener);
        try {
            published.set("{");
            int before = readings.get();
            await(() -> readings.get() >= before + 3);
            published.set(jwks("two"));
            await(() -> told.contains(Level.INFO.intValue()));
        } finally {
            log.removeHandler(listener);
        }

        assertEquals(List.of(Level.WARNING.intValue(), Level.INFO.intValue()), told);
    }

    @Test
    void answersAtOnceWhileTheReadingStalls() {
        stalled = true;

        long began = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            keys.byKeyId("one");
            keys.byKeyId("unknown");
        }

        assertTrue(System.nanoTime() - began < Duration.ofSeconds(1).toNanos(), "nothing is read on demand");
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_NANOS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "did not come about");
            Thread.sleep(20);
        }
    }

    private static String jwks(String... keyIds) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        StringBuilder keys = new StringBuilder();
        for (String keyId : keyIds) {
            RsaJsonWebKey key =
                    new RsaJsonWebKey((RSAPublicKey) generator.generateKeyPair().getPublic());
            key.setKeyId(keyId);
            keys.append(keys.isEmpty() ? "" : ",").append(key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
        }
        return "{\"keys\":[" + keys + "]}";
    }

    private static TokenSettings settings(int port) {
        return new TokenSettings() {
            @Override
            public URI jwksUrl() {
                return URI.create("http://127.0.0.1:" + port + "/jwks");
            }

            @Override
            public Duration jwksRefresh() {
                return Duration.ofMillis(50);
            }

            @Override
            public Duration jwksRetry() {
                return Duration.ofMillis(50);
            }
        };
    }
}
