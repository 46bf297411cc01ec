package org.messengerp2p.signaling.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeviceConnectionTest {

    private static final Buffer FRAME = Buffer.buffer(new byte[40_000]);
    private static final long PATIENCE = 5;

    private final MemoryShare all = new MemoryShare(4 << 20);
    private final UnreadPeer peer = new UnreadPeer(all);
    private final DeviceConnection connection = peer.open();

    @Test
    void runsWhatIsToRunAtItsEndOnceAlsoWhereItHasBegunToEnd() {
        AtomicInteger before = new AtomicInteger();
        AtomicInteger after = new AtomicInteger();
        UnreadPeer other = new UnreadPeer(all);

        connection.whenClosing(before::incrementAndGet);
        connection.close(CloseCode.SLOW_READER);
        connection.closed();
        other.open().close(CloseCode.SLOW_READER);
        other.open().whenClosing(after::incrementAndGet);
        other.open().closed();

        assertEquals(1, before.get());
        assertEquals(1, after.get());
    }

    @Test
    void isGoneWhenItsNetworkHasEndedAndWhatRunsAtItsEndHasRun() throws InterruptedException {
        connection.whenClosing(() -> {});
        assertFalse(isGone());

        peer.end();
        assertFalse(isGone(), "others may still see it");
        connection.closed();

        assertTrue(isGone());
    }

    private boolean isGone() throws InterruptedException {
        return connection.goneWithin(0, TimeUnit.NANOSECONDS);
    }

    @Test
    void isNotEndedForMemoryThatOthersHold() {
        all.take(4 << 20);

        connection.hintMail(() -> {});
        connection.send(Buffer.buffer(new byte[100]));
        connection.answer(Buffer.buffer(new byte[100]));
        assertFalse(connection.pass(Buffer.buffer(new byte[100])));

        assertEquals(3, peer.unread());
        assertFalse(connection.isClosing());
    }

    @Test
    void endsWhereNothingIsReadAlsoIfNothingMoreIsSent() {
        sendFrames(8);
        assertEquals(0, peer.closeCode());

        peer.pass(PATIENCE);

        assertEquals(1013, peer.closeCode());
    }

    @Test
    void endsWhereLessIsReadThanAPartOfWhatWaits() {
        sendFrames(12);
        peer.read(3);
        peer.pass(PATIENCE);
        assertFalse(connection.isClosing());

        peer.read(2);
        peer.pass(PATIENCE);

        assertEquals(1013, peer.closeCode());
    }

    @Test
    void staysWhileItReadsAtItsPaceAndMoreComes() {
        sendFrames(16);
        for (int i = 0; i < 20; i++) {
            peer.read(4);
            sendFrames(4);
            peer.pass(PATIENCE);
        }

        assertFalse(connection.isClosing());
    }

    @Test
    void mayHoldALittleForAsLongAsItLikesAndIsJudgedAnewWithMore() {
        sendFrames(1);
        peer.pass(100 * PATIENCE);
        sendFrames(3);
        peer.read(3);
        peer.pass(100 * PATIENCE);
        assertFalse(connection.isClosing());

        sendFrames(3);
        peer.pass(PATIENCE);

        assertEquals(1013, peer.closeCode());
    }

    @Test
    void sendsNothingAfterThePeersCloseFrameAndHoldsNothingForIt() {
        peer.close();

        connection.send(FRAME);
        connection.hintMail(() -> fail("it never left"));
        connection.pass(FRAME);

        assertEquals(0, peer.unread());
        assertEquals(0, all.held());
    }

    @Test
    void holdsNothingForFramesThatTheNetworkGaveUp() {
        sendFrames(3);
        connection.hintMail(() -> fail("it never left"));

        peer.cut();

        assertEquals(0, all.held());
    }

    @Test
    void endsWithALittleTooWhereManyHoldALittleAndFillTheMemoryOfAll() {
        sendFrames(1);
        all.take(2 << 20);
        peer.pass(PATIENCE);
        assertFalse(connection.isClosing());

        peer.pass(PATIENCE);

        assertEquals(1013, peer.closeCode());
    }

    @Test
    void isNotEndedAtOnceWhereOnlyTheMemoryOfItsAddressIsFull() {
        MemoryShare ofAddress = all.part(0);
        UnreadPeer neighbour = new UnreadPeer(ofAddress);
        for (int i = 0; i < 4; i++) {
            assertTrue(neighbour.open().pass(FRAME));
        }
        ofAddress.take((1 << 20) - ofAddress.held());

        assertFalse(neighbour.open().pass(FRAME));
        assertFalse(neighbour.open().isClosing());
        assertEquals(1, neighbour.dropped("address-full"));
        neighbour.pass(PATIENCE);

        assertEquals(1013, neighbour.closeCode());
    }

    @Test
    void endsAtOnceWithMuchWhereTheMemoryOfAllIsFull() {
        sendFrames(4);
        all.take((4 << 20) - all.held());

        assertFalse(connection.pass(FRAME));

        assertTrue(connection.isClosing());
        assertEquals(1, peer.dropped("memory-full"));
    }

    @Test
    void hasItsTimeForMuchFromTheMomentThatMuchWaits() {
        sendFrames(1);
        peer.pass(PATIENCE - 1);
        sendFrames(3);
        peer.pass(PATIENCE - 1);
        assertFalse(connection.isClosing());

        peer.pass(1);

        assertEquals(1013, peer.closeCode());
    }

    @Test
    void staysWithALittleThatItReadsHoweverMuchAllHold() {
        all.take(2 << 20);
        sendFrames(1);
        for (int i = 0; i < 20; i++) {
            sendFrames(1);
            peer.read(1);
            peer.pass(PATIENCE);
        }

        assertFalse(connection.isClosing());
    }

    private void sendFrames(int frames) {
        for (int i = 0; i < frames; i++) {
            assertTrue(connection.pass(FRAME));
        }
    }
}
