package org.messengerp2p.standalone.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.smallrye.health.SmallRyeHealthReporter;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.messengerp2p.standalone.launch.StandaloneResource;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.Readiness;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.ValkeyResource;
import org.messengerp2p.testkit.ValkeyServer;

/** Every service in one process, with both databases and the bus of the form that has several. */
@WithTestResource(StandaloneResource.class)
@WithTestResource(ValkeyResource.class)
abstract class RemovalTest {
    static final String AUTH = "/api/auth/v1";
    static final String KEYS = "/api/keys/v1";
    static final String MAILBOX = "/api/mailbox/v1";
    private static final byte[] DELIVERY_TOKEN = new byte[16];

    @TestHTTPResource("/")
    URI root;

    @Inject
    SmallRyeHealthReporter health;

    @Inject
    Vertx vertx;

    @Inject
    @DataSource("auth")
    AgroalDataSource auth;

    @Inject
    @DataSource("mailbox")
    AgroalDataSource mailbox;

    ValkeyServer valkey;
    RestClient rest;
    AccountClient accounts;
    Traces traces;

    private Redis bus;

    @BeforeEach
    void connect() throws InterruptedException {
        Readiness.await(health);
        rest = new RestClient(root);
        accounts = new AccountClient(rest, "localhost");
        bus = Redis.createClient(vertx, valkey.url());
        traces = new Traces(Map.of("auth", auth, "mailbox", mailbox), bus);
    }

    @AfterEach
    void disconnect() {
        bus.close();
    }

    /** A second device, and the list that has it. */
    record Second(TestDevice device, byte[] list) {}

    Second addDevice(TestAccount account) {
        TestDevice device = account.newDevice();
        byte[] list = account.listAfter(account.firstList(), account.device(), device);
        expect(200, accounts.putDevices(accounts.pendingToken(account), list, device.prekeys(3, 3)));
        return new Second(device, list);
    }

    Answer bundle(SignedIn asking, TestAccount target) {
        return rest.get(
                KEYS + "/accounts/" + target.id().base64url() + "/bundle",
                asking.tokens().auth());
    }

    void permitDelivery(String mailboxToken) {
        expect(
                204,
                rest.put(MAILBOX + "/delivery-token", mailboxToken, Map.of("hash", base64url(sha256(DELIVERY_TOKEN)))));
    }

    Answer leaveAnEnvelope(SignedIn from, TestAccount to, long listVersion, TestDevice... devices) {
        List<Map<String, Object>> envelopes = Arrays.stream(devices)
                .map(device ->
                        Map.<String, Object>of("device_id", device.id().value(), "envelope", base64url(new byte[] {
                            (byte) device.id().value(), 7
                        })))
                .toList();
        return rest.post(
                MAILBOX + "/messages",
                from.tokens().mailbox(),
                Map.of("to", to.id().base64url(), "list_version", listVersion, "envelopes", envelopes));
    }

    SocketProbe socket(String signalingToken) {
        return SocketProbe.open(URI.create(root.resolve("/ws").toString().replaceFirst("^http", "ws")), signalingToken);
    }

    static void watchNobody(SocketProbe socket) {
        socket.send(new JsonObject().put("t", "watch").put("list", new JsonArray()));
    }

    static void watch(SocketProbe socket, TestAccount account) {
        socket.send(new JsonObject()
                .put("t", "watch")
                .put(
                        "list",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("account", account.id().base64url())
                                        .put("token", base64url(DELIVERY_TOKEN)))));
    }

    static Answer expect(int status, Answer answer) {
        assertEquals(status, answer.status(), () -> answer.body().toString());
        return answer;
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
