package org.messengerp2p.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.testkit.AccountClient.Tokens;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.attack.BareCall;

/**
 * Drives every call, with good and bad requests, and then looks for what was sent and kept: in the log, in the metrics,
 * and in answers to those whom it does not concern.
 */
@QuarkusTest
class SecrecyTest extends AuthServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A loopback address that nothing else uses. */
    private static final String ADDRESS = "127.66.77.88";

    /** Enough of a value to know it by. */
    private static final int MARK = 20;

    @Inject
    @ReactiveDataSource("auth")
    Pool database;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    private final TestAccount alice = TestAccount.anybody();
    private final TestAccount mallory = TestAccount.anybody();
    private final TestDevice second = alice.newDevice();
    private final Map<String, String> marks = new HashMap<>();
    private final List<Answer> answersToOthers = new ArrayList<>();

    @Test
    void tellsNothingToTheLogTheMetricsOrOthers() throws Exception {
        List<String> logged;
        try (LogWatch log = new LogWatch()) {
            Logger.getLogger("org.messengerp2p.test").trace("the watch is open");
            Tokens tokens = driveAlice();
            driveMallory(tokens);
            driveDefects(tokens);
            driveFromAddress();
            logged = List.copyOf(log.lines());
        }
        markWhatIsKept();

        assertTrue(logged.stream().anyMatch(line -> line.contains("the watch is open")));
        assertTrue(
                logged.stream().anyMatch(line -> line.contains("A request failed by a defect")), "defects were seen");
        String page = BareCall.get(metrics).body();
        assertTrue(page.contains("http_server_requests"), metrics + " " + page);
        marks.forEach((what, mark) -> {
            assertEquals(
                    List.of(),
                    logged.stream().filter(line -> line.contains(mark)).toList(),
                    what + " in the log");
            assertEquals(
                    List.of(), page.lines().filter(line -> line.contains(mark)).toList(), what + " in the metrics");
        });
        marks.forEach((what, mark) -> assertEquals(
                List.of(),
                answersToOthers.stream()
                        .filter(answer -> isIn(answer, mark))
                        .map(answer -> answer.response().uri() + " " + answer.body())
                        .toList(),
                what + " in an answer to another"));
    }

    /** All that a user does, as it should be. */
    private Tokens driveAlice() throws Exception {
        byte[] salt = accounts.serverSalt(alice.username());
        Map<String, Object> registration =
                alice.registration(salt, alice.device().prekeys(2, 2));
        assertEquals(201, rest.post(AUTH + "/accounts", null, registration).status());
        mark("name", alice.username());
        mark("auth_secret", alice.authSecret());
        mark("vault", Base64.getUrlDecoder().decode((String) registration.get("vault")), 30);
        mark("list", alice.firstList(), 60);
        markIds("account", alice.id());
        mark("device", Long.toString(alice.device().id().value()));
        mark("second device", Long.toString(second.id().value()));
        String pending = accounts.pendingToken(alice);
        markToken("pending token", pending);
        byte[] both = alice.listAfter(alice.firstList(), alice.device(), second);
        assertEquals(
                200, accounts.putDevices(pending, both, second.prekeys(1, 1)).status());
        Answer challenge = accounts.challenge(alice.device());
        mark("nonce", challenge.bytes("nonce"));
        Tokens tokens = accounts.tokens(alice.device());
        markToken("auth token", tokens.auth());
        markToken("mailbox token", tokens.mailbox());
        String account = AUTH + "/accounts/" + alice.id().base64url();
        String bundle = KEYS + "/accounts/" + alice.id().base64url() + "/bundle?device="
                + second.id().value();
        for (String path :
                List.of(AUTH + "/vault", account + "/dlc", account + "/dlc?from=1", KEYS + "/prekeys/digest", bundle)) {
            assertEquals(200, rest.get(path, tokens.auth()).status(), path);
        }
        assertEquals(
                200,
                rest.get(AUTH + "/usernames/" + alice.username(), tokens.auth()).status());
        assertEquals(200, upload("POST", tokens.auth(), alice.device()));
        assertEquals(200, upload("PUT", tokens.auth(), alice.device()));
        byte[] one = alice.listAfter(both, alice.device());
        assertEquals(200, accounts.putDevices(tokens.auth(), one, null).status());
        markToken("narrow token", accounts.refresh(second).text("token"));
        MailboxProbe.next(alice.id());
        return tokens;
    }

    private int upload(String method, String token, TestDevice device) {
        List<String> records = device.prekeys(1, 1).stream()
                .map(record -> Base64.getUrlEncoder().withoutPadding().encodeToString(record))
                .toList();
        mark("prekey by " + method, Base64.getUrlDecoder().decode(records.get(0)), 20);
        return rest.call(method, KEYS + "/prekeys", token, Map.of("records", records))
                .join()
                .status();
    }

    /** All that is refused, with Alice's names and secrets wherever a request can carry them. */
    private void driveMallory(Tokens ofAlice) {
        accounts.register(mallory);
        String token = accounts.tokens(mallory.device()).auth();
        String name = alice.username();
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(alice.authSecret());
        byte[] salt = accounts.serverSalt(name);
        Map<String, Object> taken = mallory.registration(salt);
        taken.put("username", name);
        refused(rest.post(AUTH + "/accounts", null, taken));
        Map<String, Object> foreignList = TestAccount.anybody().registration(salt);
        foreignList.put("dlc", Base64.getUrlEncoder().withoutPadding().encodeToString(alice.firstList()));
        refused(rest.post(AUTH + "/accounts", null, foreignList));
        refused(accounts.login(name, mallory.authSecret()));
        refused(accounts.login(mallory.username(), alice.authSecret()));
        for (String body : bodies(name, secret)) {
            for (String path : List.of("/accounts", "/login", "/challenge", "/refresh")) {
                refused(rest.post(AUTH + path, null, body));
            }
            refused(rest.put(AUTH + "/vault", token, body));
            refused(rest.put(AUTH + "/devices", token, body));
            refused(rest.post(KEYS + "/prekeys", token, body));
            refused(rest.put(KEYS + "/prekeys", token, body));
        }
        for (String path : List.of(
                AUTH + "/usernames/" + name + "!",
                AUTH + "/usernames/" + name + "%00",
                AUTH + "/accounts/" + name + "/dlc",
                AUTH + "/accounts/" + alice.id().base64url() + "=/dlc",
                AUTH + "/accounts/" + alice.id().base64url() + "/dlc?from=" + secret,
                KEYS + "/accounts/" + name + "/bundle",
                KEYS + "/accounts/" + alice.id().base64url() + "/bundle?device=" + secret,
                AUTH + "/" + name,
                "/" + name + "/" + secret,
                AUTH + "/login/parameters?username=" + name + "!",
                AUTH + "/login/parameters?name=" + secret)) {
            refused(rest.get(path, token));
            refused(rest.call("DELETE", path, token, null).join());
        }
        refused(rest.get(AUTH + "/vault", ofAlice.mailbox()));
        refused(rest.get(AUTH + "/vault", ofAlice.auth() + "x"));
        refused(rest.get(AUTH + "/vault", secret));
        refused(accounts.putDevices(token, alice.firstList(), null));
        refused(accounts.refresh(alice.newDevice(alice.device().id())));
        answersToOthers.add(rest.get(AUTH + "/jwks", null));
    }

    private static List<String> bodies(String name, String secret) {
        return List.of(
                "{\"username\":\"" + name + "\",\"auth_secret\":\"" + secret + "!\"}",
                "{\"username\":[\"" + name + "\"],\"auth_secret\":{\"x\":\"" + secret + "\"}}",
                "{\"username\":\"" + name + "\\u0000\",\"auth_secret\":\"" + secret,
                "{\"account_id\":\"" + name + "\",\"device_id\":\"" + secret + "\"}",
                "{\"vault\":\"" + secret + "\",\"dlc\":\"" + secret + "\",\"records\":[\"" + secret + "\"]}",
                "{\"vault\":[\"" + secret + "\"],\"dlc\":{\"" + name + "\":1},\"records\":\"" + secret + "\"}",
                "{\"" + name + "\":\"" + secret + "\"}",
                "[\"" + secret + "\"]",
                secret);
    }

    /** What the database refuses is logged with a stack trace. */
    private void driveDefects(Tokens tokens) {
        execute("alter table vault add constraint nothing check (sealed is null) not valid");
        execute("alter table account add constraint nothing check (username is null) not valid");
        execute("alter table pending_token add constraint nothing check (account_id is null) not valid");
        try {
            TestAccount bob = TestAccount.anybody();
            mark("name of a defect", bob.username());
            markIds("account of a defect", bob.id());
            byte[] salt = accounts.serverSalt(alice.username());
            String vault = Base64.getUrlEncoder().withoutPadding().encodeToString(alice.vault(salt, 2));
            Answer register =
                    rest.post(AUTH + "/accounts", null, bob.registration(accounts.serverSalt(bob.username())));
            assertEquals(500, register.status());
            refused(register);
            refused(rest.put(AUTH + "/vault", tokens.auth(), Map.of("vault", vault)));
            refused(accounts.login(alice.username(), alice.authSecret()));
            tooLargeWithoutLength("/vault?username=" + alice.username(), tokens.auth());
        } finally {
            execute("alter table vault drop constraint nothing");
            execute("alter table account drop constraint nothing");
            execute("alter table pending_token drop constraint nothing");
        }
    }

    /** Its end is met while it is read, where no resource answers. */
    private void tooLargeWithoutLength(String path, String token) {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(AUTH + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .PUT(BodyPublishers.fromPublisher(BodyPublishers.ofString(" ".repeat(3 * 1_024 * 1_024))))
                .build();
        assertTrue(HttpClient.newHttpClient()
                        .sendAsync(request, BodyHandlers.ofString())
                        .join()
                        .statusCode()
                >= 400);
    }

    /** Good and bad requests from an address that can be recognised, and with one in every header that proxies write. */
    private void driveFromAddress() throws IOException {
        mark("address", ADDRESS);
        mark("forwarded address", "203.0.113.77");
        for (String path : List.of("/login/parameters?username=somebody", "/vault", "/nothing", "/login/parameters")) {
            String answer = raw("GET " + AUTH + path + " HTTP/1.1\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 "), answer);
            marks.keySet().stream()
                    .filter(what -> what.contains("address"))
                    .forEach(what -> assertEquals(-1, answer.indexOf(marks.get(what)), answer));
        }
        raw("nonsense\r\n");
    }

    private String raw(String requestLine) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(ADDRESS, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", service.getPort()));
            socket.setSoTimeout((int) PATIENCE.toMillis());
            String request = requestLine
                    + "Host: localhost\r\nX-Forwarded-For: 203.0.113.77\r\nForwarded: for=203.0.113.77\r\n"
                    + "X-Real-IP: 203.0.113.77\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What only the database knows. */
    private void markWhatIsKept() {
        for (String column : List.of("verifier", "verifier_salt")) {
            rows("select " + column + " as kept from credential where account_id = '"
                            + alice.id().value() + "'")
                    .forEach(row -> mark(column, row.getBuffer("kept").getBytes()));
        }
        int[] number = {0};
        rows("select sealed_private as kept from signing_key")
                .forEach(row ->
                        mark("token key " + number[0]++, row.getBuffer("kept").getBytes()));
    }

    private void refused(Answer answer) {
        assertTrue(answer.status() >= 400, answer.response().uri() + " " + answer.status());
        answersToOthers.add(answer);
    }

    private static boolean isIn(Answer answer, String mark) {
        return answer.response().body().contains(mark)
                || answer.response().headers().map().toString().contains(mark);
    }

    private List<Row> rows(String sql) {
        return StreamSupport.stream(
                        database.query(sql).execute().await().atMost(PATIENCE).spliterator(), false)
                .toList();
    }

    private void execute(String sql) {
        database.query(sql).execute().await().atMost(PATIENCE);
    }

    private void mark(String what, String text) {
        marks.put(what, text);
    }

    private void mark(String what, byte[] bytes) {
        mark(what, bytes, 0);
    }

    /** @param from where it begins to be particular */
    private void mark(String what, byte[] bytes, int from) {
        int begin = from - from % 3;
        byte[] particular = Arrays.copyOfRange(bytes, begin, Math.min(bytes.length, begin + 15));
        marks.put(
                what + " as base64url", Base64.getUrlEncoder().withoutPadding().encodeToString(particular));
        marks.put(what + " as hex", HexFormat.of().formatHex(particular));
    }

    private void markIds(String what, AccountId id) {
        mark(what, id.base64url());
        mark(what + " as UUID", id.value().toString());
    }

    /** Claims and signature; the header of all tokens is the same. */
    private void markToken(String what, String token) {
        String[] parts = token.split("\\.");
        mark(what + ", claims", parts[1].substring(parts[1].length() - MARK));
        mark(what + ", signature", parts[2].substring(0, MARK));
    }
}
