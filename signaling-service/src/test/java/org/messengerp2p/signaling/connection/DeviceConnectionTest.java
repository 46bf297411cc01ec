package org.messengerp2p.signaling.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeviceConnectionTest {

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
    void isNotEndedForMemoryThatOthersHold() {
        all.take(4 << 20);

        connection.hintMail();
        connection.send(Buffer.buffer(new byte[100]));
        connection.answer(Buffer.buffer(new byte[100]));
        assertFalse(connection.pass(Buffer.buffer(new byte[100])));

        assertEquals(3, peer.unread());
        assertFalse(connection.isClosing());
    }
}
