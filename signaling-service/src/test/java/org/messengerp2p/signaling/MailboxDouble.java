package org.messengerp2p.signaling;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.testkit.InternalSecretResource;

/**
 * mailbox-service's side of {@code POST /internal/v1/delivery-tokens}. Of an account without a token every one is right,
 * so that a test which is about something else may show any.
 */
public class MailboxDouble implements QuarkusTestResourceLifecycleManager {

    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private final Semaphore answers = new Semaphore(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean refusing;
    private HttpServer server;

    /** @param accounts asked about, in base64url */
    public record Question(List<String> accounts, int status) {

        public boolean isAbout(AccountId account) {
            return accounts.contains(account.base64url());
        }
    }

    /** From now on this token of an account is right, and no other. */
    public void setToken(AccountId account, byte[] token) {
        tokens.put(account.base64url(), base64url(token));
    }

    /** From now on it answers 503, or answers again. */
    public void refuse(boolean refuse) {
        refusing = refuse;
    }

    /** From now on answers are made and not sent, until {@link #answerAgain()}. */
    public void holdAnswers() throws InterruptedException {
        answers.acquire();
    }

    public void answerAgain() {
        answers.release();
    }

    /** Waits for a question about an account; those that came before count until they were looked at. */
    public Question nextAbout(AccountId account) throws InterruptedException {
        Question question;
        do {
            question = furtherQuestion(30_000).orElseThrow(() -> new AssertionError("nothing was asked"));
        } while (!question.isAbout(account));
        return question;
    }

    /** The question after the last one that was looked at, if one comes within this time. */
    public Optional<Question> furtherQuestion(long millis) throws InterruptedException {
        return Optional.ofNullable(questions.poll(millis, TimeUnit.MILLISECONDS));
    }

    /** Those that came until now are not looked at any more. */
    public void forgetQuestions() {
        questions.clear();
    }

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/internal/v1/delivery-tokens", this::answer);
        server.start();
        return Map.of(
                "mp2p.signaling.mailbox-internal-url",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(MailboxDouble.class));
    }

    /** What is answered is settled when the question comes, however late it is sent. */
    private void answer(HttpExchange exchange) throws IOException {
        JsonArray shown = Buffer.buffer(exchange.getRequestBody().readAllBytes())
                .toJsonObject()
                .getJsonArray("shown");
        int status = status(exchange);
        byte[] body = status == 200 ? rightOf(shown).toBuffer().getBytes() : new byte[0];
        questions.add(new Question(
                shown.stream()
                        .map(each -> ((JsonObject) each).getString("account"))
                        .toList(),
                status));
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

    private JsonObject rightOf(JsonArray shown) {
        JsonArray right = new JsonArray();
        for (Object each : shown) {
            JsonObject token = (JsonObject) each;
            String its = tokens.get(token.getString("account"));
            right.add(its == null || its.equals(token.getString("token")));
        }
        return new JsonObject().put("right", right);
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
