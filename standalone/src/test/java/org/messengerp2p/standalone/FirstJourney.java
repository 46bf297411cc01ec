package org.messengerp2p.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/**
 * What two people's clients call when they meet and talk (the first browser journey): register, find each other, take a
 * bundle, leave an envelope in the mailbox, collect and acknowledge it, relay one while both are connected; and what a
 * connected device is told at once.
 */
public final class FirstJourney {

    private static final int RELAY = 1;
    private static final int TAKEN = 2;
    private static final int NOT_HERE = 3;
    private static final int ENVELOPE_BYTES = 700;

    private final RestClient auth;
    private final RestClient mailbox;
    private final URI socket;
    private final AccountClient accounts;

    public FirstJourney(URI auth, URI mailbox, URI signaling) {
        this.auth = new RestClient(auth);
        this.mailbox = new RestClient(mailbox);
        this.socket = URI.create(signaling.resolve("/ws").toString().replaceFirst("^http", "ws"));
        this.accounts = new AccountClient(this.auth, "localhost");
    }

    public void run() {
        SignedIn alice = accounts.newcomer();
        SignedIn bob = accounts.newcomer();

        findsByName(alice, bob);
        takesOneTimeKeysOnce(alice, bob);
        leavesAnEnvelope(alice, bob);
        relaysAnEnvelope(alice, bob);
        tellsAConnectedDeviceOfMail(alice, bob);
        endsTheConnectionOfARemovedDevice(alice);
        eachTokenOpensItsOwnServiceOnly(alice);
        endsAnAccount(alice, bob);
    }

    /** Alone, whatever else is away: what tells signaling-service of it may be the slower way. */
    public void endsTheConnectionOfARemovedDevice() {
        endsTheConnectionOfARemovedDevice(accounts.newcomer());
    }

    private void findsByName(SignedIn alice, SignedIn bob) {
        Answer found = expect(
                200,
                auth.get(
                        "/api/auth/v1/usernames/" + bob.account().username(),
                        alice.tokens().auth()));

        assertEquals(bob.account().id().base64url(), found.text("account_id"));
    }

    private void takesOneTimeKeysOnce(SignedIn alice, SignedIn bob) {
        String path = "/api/keys/v1/accounts/" + bob.account().id().base64url() + "/bundle";

        Answer first = expect(200, auth.get(path, alice.tokens().auth()));
        Answer second = expect(200, auth.get(path, alice.tokens().auth()));

        assertNotEquals(first.body(), second.body());
    }

    private void leavesAnEnvelope(SignedIn alice, SignedIn bob) {
        byte[] envelope = envelope();
        Map<String, Object> batch = batch(bob, envelope);

        expect(200, mailbox.post("/api/mailbox/v1/messages", alice.tokens().mailbox(), batch));
        expect(200, mailbox.post("/api/mailbox/v1/messages", alice.tokens().mailbox(), batch));

        Answer collected =
                expect(200, mailbox.get("/api/mailbox/v1/collect", bob.tokens().mailbox()));
        assertEquals(1, collected.body().path("items").size(), "stored once");
        assertArrayEquals(
                envelope,
                Base64.getUrlDecoder()
                        .decode(collected.body().at("/items/0/envelope").asText()));
        expect(
                204,
                mailbox.post(
                        "/api/mailbox/v1/ack",
                        bob.tokens().mailbox(),
                        Map.of("ids", List.of(collected.body().at("/items/0/id").asText()))));
        assertEquals(
                0,
                expect(200, mailbox.get("/api/mailbox/v1/collect", bob.tokens().mailbox()))
                        .body()
                        .path("items")
                        .size());
    }

    private void relaysAnEnvelope(SignedIn alice, SignedIn bob) {
        Device alices = alice.account().device().device();
        Device bobs = bob.account().device().device();
        byte[] token = setsADeliveryToken(bob);
        try (SocketProbe bobsSocket = connect(bob);
                SocketProbe alicesSocket = connect(alice)) {
            // A wrong token shows nothing: the one that is told is the right one's.
            alicesSocket.send(watch(bobs, new byte[16]));
            Buffer envelope = Buffer.buffer(envelope());
            alicesSocket.send(frame(RELAY, bobs, envelope));
            assertEquals(frame(NOT_HERE, bobs, Buffer.buffer()), alicesSocket.nextFrame());

            alicesSocket.send(watch(bobs, token));
            JsonObject presence = alicesSocket.next("presence");
            assertEquals(List.of(bobs.device().value()), longs(presence.getJsonArray("devices")));

            alicesSocket.send(frame(RELAY, bobs, envelope));
            assertEquals(frame(RELAY, alices, envelope), bobsSocket.nextFrame());

            bobsSocket.send(frame(TAKEN, alices, Buffer.buffer()));
            assertEquals(frame(TAKEN, bobs, Buffer.buffer()), alicesSocket.nextFrame());
        }
    }

    private byte[] setsADeliveryToken(SignedIn person) {
        byte[] token = new byte[16];
        new SecureRandom().nextBytes(token);
        expect(
                204,
                mailbox.put(
                        "/api/mailbox/v1/delivery-token",
                        person.tokens().mailbox(),
                        Map.of("hash", base64url(sha256(token)))));
        return token;
    }

    private static JsonObject watch(Device device, byte[] token) {
        return new JsonObject()
                .put("t", "watch")
                .put(
                        "list",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("account", device.account().base64url())
                                        .put("token", base64url(token))));
    }

    private void tellsAConnectedDeviceOfMail(SignedIn alice, SignedIn bob) {
        try (SocketProbe bobsSocket = connect(bob)) {
            expect(200, mailbox.post("/api/mailbox/v1/messages", alice.tokens().mailbox(), batch(bob, envelope())));

            bobsSocket.next("mail");
        }
    }

    private void endsTheConnectionOfARemovedDevice(SignedIn person) {
        TestAccount account = person.account();
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        expect(200, accounts.putDevices(accounts.pendingToken(account), two, second.prekeys(3, 3)));
        String token = accounts.tokens(second).signaling();
        try (SocketProbe itsSocket = SocketProbe.open(socket, token)) {
            itsSocket.next("presence");
            byte[] one = account.listAfter(two, account.device());
            expect(200, accounts.putDevices(person.tokens().auth(), one, null));

            assertEquals(4401, itsSocket.end().code());
        }
    }

    private void eachTokenOpensItsOwnServiceOnly(SignedIn alice) {
        expect(401, mailbox.get("/api/mailbox/v1/collect", alice.tokens().signaling()));
        expect(401, auth.get("/api/keys/v1/prekeys/digest", alice.tokens().mailbox()));
    }

    private void endsAnAccount(SignedIn alice, SignedIn bob) {
        String token = alice.tokens().auth();
        expect(204, accounts.deleteAccount(token, alice.account().authSecret()));

        expect(401, auth.get("/api/auth/v1/vault", token));
        expect(401, mailbox.get("/api/mailbox/v1/collect", alice.tokens().mailbox()));
        expect(404, mailbox.post("/api/mailbox/v1/messages", bob.tokens().mailbox(), batch(alice, envelope())));
        expect(
                404,
                auth.get(
                        "/api/auth/v1/usernames/" + alice.account().username(),
                        bob.tokens().auth()));
    }

    /** Connected, and its first two messages read. */
    private SocketProbe connect(SignedIn person) {
        SocketProbe probe = SocketProbe.open(socket, person.tokens().signaling());
        assertEquals(person.account().device().id().value(), probe.next("hello").getLong("device"));
        probe.next("presence");
        return probe;
    }

    private static Map<String, Object> batch(SignedIn to, byte[] envelope) {
        return Map.of(
                "to", to.account().id().base64url(),
                "list_version", 1,
                "envelopes",
                        List.of(Map.of(
                                "device_id", to.account().device().id().value(), "envelope", base64url(envelope))));
    }

    private static Buffer frame(int type, Device device, Buffer payload) {
        return Buffer.buffer()
                .appendByte((byte) type)
                .appendBytes(device.account().bytes())
                .appendUnsignedInt(device.device().value())
                .appendUnsignedInt(4_294_967_295L)
                .appendBuffer(payload);
    }

    private static List<Long> longs(JsonArray numbers) {
        return numbers.stream().map(number -> ((Number) number).longValue()).toList();
    }

    private static byte[] envelope() {
        byte[] bytes = new byte[ENVELOPE_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Answer expect(int status, Answer answer) {
        assertEquals(status, answer.status(), () -> answer.body().toString());
        return answer;
    }
}
