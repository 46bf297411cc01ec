package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboundPaceTest {

    private static final int FRAMES_PER_SECOND = 100;
    private static final Duration MOST_OWED = Duration.ofSeconds(15);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Reading reading = new Reading(channel);
    private long nanosPerFrame = TimeUnit.SECONDS.toNanos(1) / FRAMES_PER_SECOND;
    private long now = -1;
    private int times;

    @BeforeEach
    void begin() {
        channel.freezeTime();
        channel.pipeline().addLast(new InboundPace(() -> nanosPerFrame, MOST_OWED, reading, () -> times++, () -> now));
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @Test
    void readsOnWhereAPeerKeepsToItsRate() {
        for (int second = 0; second < 10; second++) {
            send(FRAMES_PER_SECOND - 1, new PingWebSocketFrame());
            assertTrue(isRead());
            pass(1_000);
        }
        assertEquals(0, times);
    }

    @Test
    void isNotReadUntilHalfOfItsRateIsThereAgain() {
        send(FRAMES_PER_SECOND + 1, new PingWebSocketFrame());
        assertFalse(isRead());

        pass(500);
        assertFalse(isRead());
        pass(11);

        assertTrue(isRead());
        send(FRAMES_PER_SECOND / 2, new PingWebSocketFrame());
        assertTrue(isRead());
        assertEquals(1, times);
    }

    @Test
    void paysForWhatCameAfterItWasHeldBack() {
        send(3 * FRAMES_PER_SECOND, new PingWebSocketFrame());

        pass(1_900);
        assertFalse(isRead());
        pass(1_000);

        assertTrue(isRead());
        assertEquals(1, times);
    }

    @Test
    void isReadNowAndThenHoweverManyShareThePaceAndHoweverMuchCame() {
        nanosPerFrame *= 10_000;
        send(1_000, new PingWebSocketFrame());

        pass(14_499);
        assertFalse(isRead());
        pass(2);

        assertTrue(isRead());
    }

    @Test
    void bytesCostToo() {
        send(FRAMES_PER_SECOND / 5 + 1, new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[64 * 1024])));

        assertFalse(isRead());
    }

    @Test
    void aFrameCostsMoreAsSoonAsThePaceIsSharedWithMore() {
        nanosPerFrame *= 10;
        send(FRAMES_PER_SECOND / 10 + 1, new PingWebSocketFrame());

        assertFalse(isRead());
    }

    /** By default twice the sum of RELAYs and TAKENs, of which the settings allow a hundred million each. */
    @Test
    void aFrameCostsSomethingAtTheHighestPaceThatSettingsMake() {
        long pace = 4 * 100_000_000L;
        Wire.Rules rules = new Wire.Rules(0, 0, null, null, null, pace, 20 * pace, null, null, null);

        assertTrue(rules.nanosPerFrame(1) > 0);
    }

    @Test
    void doesNotReadOnWhereSomebodyElseHoldsThePeerBack() {
        reading.hold();
        send(FRAMES_PER_SECOND + 1, new PingWebSocketFrame());
        pass(2_000);
        assertFalse(isRead());

        reading.letGo();

        assertTrue(isRead());
    }

    private void send(int frames, WebSocketFrame frame) {
        for (int i = 0; i < frames; i++) {
            channel.writeInbound(frame.retainedDuplicate());
        }
        frame.release();
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private boolean isRead() {
        return channel.config().isAutoRead();
    }
}
