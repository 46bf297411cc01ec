package org.messengerp2p.signaling.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.Frames;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.signaling.MailboxDouble;
import org.messengerp2p.testkit.SocketProbe;

/** Who may watch whom: what a delivery token shows, and when it ends (MP2P/1 §20.1). */
@QuarkusTest
class WatchTest extends LiveSocketTest {

    private static final Logger LOG = Logger.getLogger(TokenQuestions.class.getName());
    private static final byte[] OLD = token(1);
    private static final byte[] NEW = token(2);

    private final Device alice = newDevice();
    private final Device bob = newDevice();
    private final Device carol = newDevice();

    MailboxDouble mailbox;

    @Inject
    DeviceBus bus;

    @BeforeEach
    void bobHasAToken() {
        mailbox.setToken(bob.account(), OLD);
        mailbox.forgetQuestions();
    }

    @AfterEach
    void letTheMailboxAnswer() {
        mailbox.refuse(false);
    }

    @Test
    void aWrongTokenShowsNothing() {
        SocketProbe bobs = connect(bob);
        connect(carol);
        SocketProbe alices = connect(alice);

        alices.send(watchMessage(NEW, bob, carol));

        assertPresence(alices, carol, carol);
        assertNotHere(alices, bob);
        assertTrue(alices.pending().isEmpty());
        assertTrue(bobs.pending().isEmpty());
    }

    @Test
    void theRightTokenShowsWhoIsConnectedAndLetsFramesThrough() {
        SocketProbe bobs = connect(bob);
        SocketProbe alices = connect(alice);

        alices.send(watchMessage(OLD, bob));

        assertPresence(alices, bob, bob);
        alices.send(Frames.relay(bob, 1, "envelope"));
        assertEquals("envelope", Frames.parse(bobs.nextFrame()).text());
    }

    @Test
    void aWrongTokenThatIsShownLaterEndsTheWatch() {
        connect(bob);
        SocketProbe alices = connect(alice);
        alices.send(watchMessage(OLD, bob));
        assertPresence(alices, bob, bob);

        alices.send(watchMessage(NEW, bob));

        assertPresence(alices, bob);
        assertNotHere(alices, bob);
    }

    @Test
    void aNewDeliveryTokenEndsTheWatchesOfOthers() {
        SocketProbe bobs = connect(bob);
        SocketProbe alices = connect(alice);
        alices.send(watchMessage(OLD, bob));
        assertPresence(alices, bob, bob);

        bobHasANewToken();

        assertPresence(alices, bob);
        assertNotHere(alices, bob);
        bobs.send(Frames.relay(bob, 2, "own account"));
        assertEquals(Frames.RELAY, Frames.parse(bobs.nextFrame()).type());
        alices.send(watchMessage(NEW, bob));
        assertPresence(alices, bob, bob);
    }

    /** It was told late: the token that was shown is the new one already. */
    @Test
    void whoHasShownTheNewTokenAlreadyGoesOn() {
        connect(bob);
        mailbox.setToken(bob.account(), NEW);
        SocketProbe alices = connect(alice);
        alices.send(watchMessage(NEW, bob));
        assertPresence(alices, bob, bob);

        bus.publish(new BusEvent.NewDeliveryToken(bob.account()));

        assertPresence(alices, bob);
        assertPresence(alices, bob, bob);
    }

    @Test
    void anAnswerFromBeforeANewTokenDoesNotCount() throws InterruptedException {
        connect(bob);
        SocketProbe alices = connect(alice);
        mailbox.holdAnswers();
        alices.send(watchMessage(OLD, bob, carol));
        mailbox.nextAbout(bob.account());

        bobHasANewToken();
        mailbox.answerAgain();

        assertPresence(alices, carol);
        assertFalse(mailbox.nextAbout(bob.account()).isAbout(carol.account()));
        assertNotHere(alices, bob);
        assertTrue(alices.pending().isEmpty());
    }

    @Test
    void atReauthAllOfItIsAskedAgain() throws InterruptedException {
        connect(bob);
        SocketProbe alices = connect(alice);
        alices.send(watchMessage(OLD, bob, carol));
        awaitPresenceOfBoth(alices);
        // The bus has lost it.
        mailbox.setToken(bob.account(), NEW);
        mailbox.forgetQuestions();

        alices.send(new JsonObject().put("t", "reauth").put("token", token(alice)));

        assertPresence(alices, bob);
        assertTrue(mailbox.nextAbout(bob.account()).isAbout(carol.account()));
        assertNotHere(alices, bob);
        assertTrue(alices.pending().isEmpty());
    }

    @Test
    void atReauthATokenThatHasBecomeRightBeginsItsWatch() {
        connect(bob);
        SocketProbe alices = connect(alice);
        alices.send(watchMessage(NEW, bob, carol));
        assertPresence(alices, carol);
        mailbox.setToken(bob.account(), NEW);

        alices.send(new JsonObject().put("t", "reauth").put("token", token(alice)));

        assertPresence(alices, bob, bob);
    }

    @Test
    void aWrongTokenBeginsItsWatchWhenTheAccountHasIt() {
        connect(bob);
        SocketProbe alices = connect(alice);
        alices.send(watchMessage(NEW, bob, carol));
        assertPresence(alices, carol);

        bobHasANewToken();

        assertPresence(alices, bob, bob);
    }

    @Test
    void whileTheMailboxIsAwayWhatIsWatchedStaysAndWhatIsNewIsLearntLater() throws InterruptedException {
        connect(carol);
        SocketProbe alices = connect(alice);
        alices.send(watchMessage(OLD, carol));
        assertPresence(alices, carol, carol);
        mailbox.refuse(true);

        List<String> logged = new CopyOnWriteArrayList<>();
        Handler listening = takingLevels(logged);
        LOG.addHandler(listening);
        try {
            alices.send(watchMessage(OLD, bob, carol));
            for (int times = 0; times < 3; times++) {
                assertEquals(503, mailbox.nextAbout(bob.account()).status());
            }
            SocketProbe bobs = connect(bob);
            alices.send(Frames.relay(carol, 7, "goes on"));
            assertTrue(bobs.pending().isEmpty());
            assertTrue(alices.pending().isEmpty());
            mailbox.refuse(false);

            assertPresence(alices, bob, bob);
            assertEquals(List.of("WARN", "INFO"), logged);
        } finally {
            LOG.removeHandler(listening);
        }
    }

    @Test
    void whatIsShownLaterIsAskedInsteadOfWhatWasNotAnswered() throws InterruptedException {
        SocketProbe alices = connect(alice);
        mailbox.refuse(true);
        alices.send(watchMessage(OLD, bob));
        mailbox.nextAbout(bob.account());

        alices.send(watchMessage(OLD, carol));
        mailbox.nextAbout(carol.account());
        mailbox.refuse(false);

        assertPresence(alices, carol);
        assertNotHere(alices, bob);
    }

    @Test
    void theSameTokenOfManyIsAskedAboutOnce() throws InterruptedException {
        SocketProbe alices = connect(alice);
        SocketProbe carols = connect(carol);
        mailbox.holdAnswers();
        for (int calls = 0; calls < TokenQuestions.AT_ONCE; calls++) {
            Device other = newDevice();
            connect(newDevice()).send(watchMessage(OLD, other));
            mailbox.nextAbout(other.account());
        }

        alices.send(watchMessage(OLD, bob));
        carols.send(watchMessage(OLD, bob));
        // Both have come in when a device that comes after them is told of.
        awaitTaken(alices);
        awaitTaken(carols);
        mailbox.answerAgain();

        MailboxDouble.Question question = mailbox.nextAbout(bob.account());
        assertEquals(Set.of(bob.account().base64url()), new HashSet<>(question.accounts()));
        assertEquals(1, question.accounts().size());
        assertPresence(alices, bob);
        assertPresence(carols, bob);
    }

    private static Handler takingLevels(List<String> levels) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                levels.add(line.getLevel().getName());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    /** What the connection has sent before is handled. */
    private void awaitTaken(SocketProbe probe) {
        probe.send(Frames.relay(newDevice(), 9, "x"));
        assertEquals(Frames.NOT_HERE, Frames.parse(probe.nextFrame()).type());
    }

    private void bobHasANewToken() {
        mailbox.setToken(bob.account(), NEW);
        bus.publish(new BusEvent.NewDeliveryToken(bob.account()));
    }

    private void awaitPresenceOfBoth(SocketProbe probe) {
        Set<String> told = new HashSet<>();
        told.add(probe.next("presence").getString("account"));
        told.add(probe.next("presence").getString("account"));
        assertEquals(Set.of(bob.account().base64url(), carol.account().base64url()), told);
    }

    private static void assertNotHere(SocketProbe probe, Device device) {
        probe.send(Frames.relay(device, 5, "x"));
        Frames answer = Frames.parse(probe.nextFrame());
        assertEquals(Frames.NOT_HERE, answer.type());
        assertEquals(device, answer.device());
    }

    private static void assertPresence(SocketProbe probe, Device ofAccount, Device... connected) {
        JsonObject presence = probe.next("presence");
        assertEquals(ofAccount.account().base64url(), presence.getString("account"));
        assertEquals(
                Set.of(connected).stream()
                        .map(device -> device.device().value())
                        .collect(Collectors.toSet()),
                presence.getJsonArray("devices").stream()
                        .map(number -> ((Number) number).longValue())
                        .collect(Collectors.toSet()));
    }

    private static byte[] token(int number) {
        byte[] token = new byte[16];
        Arrays.fill(token, (byte) number);
        return token;
    }
}
