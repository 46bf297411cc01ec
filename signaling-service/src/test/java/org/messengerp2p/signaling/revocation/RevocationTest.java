package org.messengerp2p.signaling.revocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.AuthDouble;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;

/** What comes of the answers of auth-service; the device bus tells nothing here. */
@QuarkusTest
@Timeout(60)
class RevocationTest extends LiveSocketTest {

    private final Device alice = newDevice();
    private final Device bob = newDevice();
    private final Device bobsSecond = deviceOf(bob.account());

    AuthDouble auth;

    @Inject
    MeterRegistry meters;

    @Inject
    RevokedDevices revoked;

    @Test
    void endsTheConnectionOfARemovedDeviceAndNoOther() {
        SocketProbe bobs = connect(bob);
        SocketProbe second = connect(bobsSecond);
        double before = closed();

        auth.remove(bob);

        assertEquals(4401, bobs.end().code());
        assertEquals(before + 1, closed());
        assertStays(second, bobsSecond);
    }

    @Test
    void endsThemAllWhereTheAnswerHasManyPages() {
        SocketProbe alices = connect(alice);
        SocketProbe bobs = connect(bob);
        SocketProbe second = connect(bobsSecond);

        auth.remove(newDevice(), bob, bobsSecond, newDevice(), alice);

        assertEquals(4401, alices.end().code());
        assertEquals(4401, bobs.end().code());
        assertEquals(4401, second.end().code());
    }

    @Test
    void letsNoRemovedDeviceInAgainNorShowsIt() throws InterruptedException {
        SocketProbe second = connect(bobsSecond);
        auth.remove(bob);
        auth.awaitTold();

        try (SocketProbe bobs = SocketProbe.open(ws(), token(bob))) {
            assertEquals(4401, bobs.end().code());
        }

        second.send(Frames.relay(bobsSecond, 1, "nothing came before"));
        assertEquals(
                "nothing came before", Frames.parse((Buffer) second.nextEvent()).text());
    }

    @Test
    void aNewTokenOfARemovedDeviceKeepsNothingOpen() {
        SocketProbe bobs = connect(bob);
        assertStays(bobs, bob);
        revoked.add(bob);

        bobs.send(new JsonObject().put("t", "reauth").put("token", token(bob)));

        assertEquals(4401, bobs.end().code());
    }

    @Test
    void tellingTheSameAgainChangesNothing() throws InterruptedException {
        SocketProbe bobs = connect(bob);
        SocketProbe second = connect(bobsSecond);
        double before = closed();

        auth.remove(bob);
        assertEquals(4401, bobs.end().code());
        auth.remove(bob);
        auth.awaitTold();

        assertEquals(before + 1, closed());
        assertStays(second, bobsSecond);
    }

    @Test
    void asksOnFromTheLastAnswerAfterAFailure() throws InterruptedException {
        SocketProbe bobs = connect(bob);
        auth.remove(alice);
        auth.awaitTold();
        Optional<String> cursor = auth.nextQuestion().since();

        auth.refuse(true);
        try {
            while (auth.nextQuestion().status() != 503) {
                // One that was on its way.
            }
            auth.remove(bob);
            assertEquals(new AuthDouble.Question(cursor, 503), auth.nextQuestion());
        } finally {
            auth.refuse(false);
        }

        assertEquals(4401, bobs.end().code());
    }

    @Test
    void asksOneQuestionAtATime() throws InterruptedException {
        auth.answerNothing();
        try {
            auth.nextQuestion();

            assertEquals(Optional.empty(), auth.furtherQuestion(500));
        } finally {
            auth.answerAgain();
        }
        auth.nextQuestion();
    }

    @Test
    void asksAgainWhereAnAnswerDoesNotCome() throws InterruptedException {
        SocketProbe bobs = connect(bob);
        auth.answerNothing();
        try {
            auth.nextQuestion();
            assertTrue(auth.furtherQuestion(10_000).isPresent());
            auth.remove(bob);
        } finally {
            auth.answerAgain();
        }

        assertEquals(4401, bobs.end().code());
    }

    private static void assertStays(SocketProbe probe, Device device) {
        probe.send(Frames.relay(device, 1, "still here"));
        assertEquals("still here", Frames.parse(probe.nextFrame()).text());
    }

    private double closed() {
        return meters.get("mp2p.signaling.closed.revoked").counter().count();
    }
}
