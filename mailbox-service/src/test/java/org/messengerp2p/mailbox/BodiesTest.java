package org.messengerp2p.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.http.BodyLimits;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.Eventually;

/** Bodies that are announced and do not come, as of somebody who wants to fill the memory. */
@QuarkusTest
@TestProfile(BodiesTest.LittleRoom.class)
class BodiesTest extends MailboxTest {

    private static final int TWO_MEGABYTES = 2_000_000;
    private static final int GRACE_SECONDS = 15;

    /** Room for two of the largest bodies and some small ones, and for one of the largest of each address. */
    public static class LittleRoom implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.http.bodies.in-all", "6M",
                    "mp2p.http.bodies.by-address", "2M",
                    "mp2p.http.bodies.grace", "PT" + GRACE_SECONDS + "S",
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.trusted-proxies", "127.0.0.1");
        }
    }

    @Inject
    BodyLimits limits;

    private final List<Upload> uploads = new ArrayList<>();

    @BeforeEach
    void nothingIsHeld() throws Exception {
        Eventually.isTrue("all room is free", () -> limits.held() == 0);
    }

    @AfterEach
    void mend() throws Exception {
        database("mend");
        for (Upload upload : uploads) {
            upload.close();
        }
    }

    @Test
    void oneAddressHoldsNoMoreThanItsShareAndTheOthersGoOn() throws Exception {
        Device bob = newListedDevice();
        announce("10.0.0.1", TWO_MEGABYTES);
        awaitHeld(TWO_MEGABYTES);

        assertBusy(announce("10.0.0.2", TWO_MEGABYTES).answer());
        api.from("10.0.1.1")
                .messages(bob, bob.account(), 1, Addressed.to(bob, random(1000)))
                .is(200);
        awaitHeld(TWO_MEGABYTES);
    }

    @Test
    void allTogetherHoldNoMoreThanThereIs() throws Exception {
        announce("10.0.0.1", TWO_MEGABYTES);
        announce("10.0.1.1", TWO_MEGABYTES);
        awaitHeld(2 * TWO_MEGABYTES);

        assertBusy(announce("10.0.2.1", TWO_MEGABYTES).answer());
        Device bob = newListedDevice();
        api.from("10.0.2.1")
                .messages(bob, bob.account(), 1, Addressed.to(bob, random(1000)))
                .is(200);
    }

    @Test
    void aBodyWithoutALengthCountsAsTheLargest() throws Exception {
        announceChunks("10.0.0.1");
        awaitHeld(2 * 1024 * 1024);

        assertBusy(announce("10.0.0.1", 1).answer());
    }

    @Test
    void aConnectionThatEndsInTheMiddleGivesItsRoomBack() throws Exception {
        Upload upload = announce("10.0.0.1", TWO_MEGABYTES);
        upload.send(new byte[100_000]);
        awaitHeld(TWO_MEGABYTES);

        upload.close();

        awaitHeld(0);
    }

    @Test
    void aClientThatGoesWhileTheDatabaseIsSilentGivesItsRoomBack() throws Exception {
        Device bob = newListedDevice();
        database("silence");
        byte[] body = MailboxApi.batch(bob.account(), 1, Addressed.to(bob, random(1000)))
                .put("token", MailboxApi.base64url(random(16)))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        Upload upload = announce("10.0.0.1", body.length);
        upload.send(body);
        awaitHeld(body.length);

        upload.close();

        awaitHeld(0);
    }

    @Test
    void everyAnswerGivesTheRoomBack() throws Exception {
        Device bob = newListedDevice();
        Addressed envelope = Addressed.to(bob, random(30_000));

        api.messages(bob, bob.account(), 1, envelope).is(200);
        api.messages(bob, bob.account(), 2, envelope).isProblem(409, "list-version");
        api.deliver(bob.account(), random(16), 1, envelope).isProblem(401, "delivery-token");
        api.post("messages", null, "{}").isProblem(401, "token-invalid");
        api.post("deliver", null, "nonsense").isProblem(400, "malformed");
        api.post("deliver", null, "text/plain", "{}").isProblem(415, "media-type");
        api.post("nowhere", null, "{}").isProblem(404, "not-found");
        api.post("deliver", null, " ".repeat(3_000_000)).isProblem(413, "too-large");
        database("cut");
        api.messages(bob, bob.account(), 1, envelope).isProblem(503, "unavailable");

        awaitHeld(0);
    }

    @Test
    void whoSendsTooSlowlyIsCutOff() throws Exception {
        Upload upload = announce("10.0.0.1", TWO_MEGABYTES);
        upload.send(new byte[1]);

        assertEquals("", upload.answer(), "no answer, the end");
        awaitHeld(0);
    }

    @Test
    void aConnectionServesRequestAfterRequest() throws Exception {
        Upload upload = announce("10.0.0.1", 2);
        upload.send("{}".getBytes(StandardCharsets.UTF_8));
        assertTrue(upload.statusLine().contains(" 400 "));

        awaitHeld(0);
    }

    private void awaitHeld(long bytes) throws InterruptedException {
        Eventually.isTrue(bytes + " bytes are held", () -> limits.held() == bytes);
    }

    private static void assertBusy(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
        assertTrue(answer.toLowerCase(java.util.Locale.ROOT).contains("retry-after: 2"), answer);
        assertTrue(answer.contains("application/problem+json"), answer);
        assertTrue(answer.contains("urn:mp2p:problem:unavailable"), answer);
    }

    private Upload announce(String from, int length) throws IOException {
        return open(from, "Content-Length: " + length);
    }

    private void announceChunks(String from) throws IOException {
        open(from, "Transfer-Encoding: chunked").send("5\r\n     \r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private Upload open(String from, String length) throws IOException {
        Upload upload = new Upload(new Socket(root.getHost(), root.getPort()));
        uploads.add(upload);
        upload.send(("POST /api/mailbox/v1/deliver HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + from
                        + "\r\nContent-Type: application/json\r\n" + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return upload;
    }

    /** One connection, byte by byte. */
    private record Upload(Socket socket) implements AutoCloseable {

        void send(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        String statusLine() throws IOException {
            socket.setSoTimeout(30_000);
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }

        /** All that comes until the connection ends or a problem's JSON is whole. */
        String answer() throws IOException {
            socket.setSoTimeout(30_000);
            StringBuilder answer = new StringBuilder();
            for (int next = read(); next >= 0; next = read()) {
                answer.append((char) next);
                if (next == '}') {
                    break;
                }
            }
            return answer.toString();
        }

        private int read() throws IOException {
            try {
                return socket.getInputStream().read();
            } catch (java.net.SocketException reset) {
                return -1;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
