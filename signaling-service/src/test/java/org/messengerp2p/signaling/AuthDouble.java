package org.messengerp2p.signaling;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.InternalSecretResource;

/** auth-service's side of {@code GET /internal/v1/revocations}: tells what a test removes, two devices a page. */
public class AuthDouble implements QuarkusTestResourceLifecycleManager {

    private static final int PAGE = 2;

    private final InternalSecretResource secret = new InternalSecretResource();
    private final List<Device> removed = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private final Semaphore answers = new Semaphore(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean refusing;
    private HttpServer server;

    /** @param since as it was asked for; empty for none */
    public record Question(Optional<String> since, int status) {}

    public void remove(Device... devices) {
        removed.addAll(List.of(devices));
    }

    /** From now on it answers 503, or answers again. */
    public void refuse(boolean refuse) {
        refusing = refuse;
    }

    /** From now on questions are taken and not answered, until {@link #answerAgain()}. */
    public void answerNothing() throws InterruptedException {
        answers.acquire();
    }

    public void answerAgain() {
        answers.release();
    }

    /** Waits for the next question that comes after this call, and tells how it is answered. */
    public Question nextQuestion() throws InterruptedException {
        questions.clear();
        return furtherQuestion(10_000).orElseThrow(() -> new AssertionError("nothing was asked"));
    }

    /** The question after the last one that was looked at, if one comes within this time. */
    public Optional<Question> furtherQuestion(long millis) throws InterruptedException {
        return Optional.ofNullable(questions.poll(millis, TimeUnit.MILLISECONDS));
    }

    /** Waits until everything was told that has been removed. */
    public void awaitTold() throws InterruptedException {
        String end = Integer.toString(removed.size());
        while (!nextQuestion().equals(new Question(Optional.of(end), 200))) {
            // An earlier one, or one that was refused.
        }
    }

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/internal/v1/revocations", this::answer);
        server.start();
        Map<String, String> settings = new HashMap<>(secret.start());
        settings.remove("mp2p.internal.port");
        settings.put(
                "mp2p.signaling.auth-internal-url",
                "http://127.0.0.1:" + server.getAddress().getPort());
        return settings;
    }

    @Override
    public void stop() {
        server.stop(0);
        threads.shutdownNow();
        secret.stop();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(AuthDouble.class));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        Optional<String> since = Optional.ofNullable(query).map(text -> text.substring("since=".length()));
        int status = status(exchange);
        questions.add(new Question(since, status));
        byte[] body = status == 200 ? page(since).getBytes(StandardCharsets.UTF_8) : new byte[0];
        answers.acquireUninterruptibly();
        answers.release();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private int status(HttpExchange exchange) {
        if (!("Bearer " + InternalSecretResource.SECRET)
                .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return 401;
        }
        return refusing ? 503 : 200;
    }

    private String page(Optional<String> since) {
        List<Device> all = List.copyOf(removed);
        int from = since.map(Integer::parseInt).orElse(0);
        int to = Math.min(from + PAGE, all.size());
        return "{\"devices\":[%s],\"next\":\"%d\",\"more\":%b}"
                .formatted(
                        all.subList(from, to).stream().map(AuthDouble::json).collect(Collectors.joining(",")),
                        to,
                        to < all.size());
    }

    private static String json(Device device) {
        return "{\"account\":\"%s\",\"device\":%d}"
                .formatted(device.account().base64url(), device.device().value());
    }
}
