package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PulseTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Pulse pulse = new Pulse(Duration.ofSeconds(25), Duration.ofSeconds(60), this::now);
    private long passed;
    private boolean closing;

    @BeforeEach
    void add() {
        channel.freezeTime();
        channel.pipeline().addLast(pulse);
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @Test
    void pingsEachTimeThatLongHasPassedWhateverIsHeard() {
        pulse.begin(() -> closing);

        for (int i = 0; i < 10; i++) {
            pass(24);
            assertEquals(0, pings());
            hear();
            pass(1);
            assertEquals(1, pings());
        }
        assertTrue(channel.isActive());
    }

    @Test
    void cutsAPeerAfterTheSilenceAndNotBefore() {
        pulse.begin(() -> closing);

        pass(59);
        hear();
        pass(59);
        assertTrue(channel.isActive());

        pass(1);
        assertFalse(channel.isActive());
    }

    @Test
    void doesNothingBeforeTheSocketIsOpenOrAfterItsEnd() {
        pass(100);
        assertEquals(0, pings());
        assertTrue(channel.isActive());

        pulse.begin(() -> closing);
        channel.close();
        pass(100);

        assertEquals(0, pings());
        assertEquals(-1, channel.runScheduledPendingTasks());
    }

    @Test
    void pingsNoMoreAfterTheCloseFrameAndCutsAllTheSame() {
        pulse.begin(() -> closing);
        closing = true;

        pass(59);
        assertEquals(0, pings());
        pass(1);
        assertFalse(channel.isActive());
    }

    private void pass(int seconds) {
        for (int second = 0; second < seconds; second++) {
            passed++;
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    private long now() {
        return TimeUnit.SECONDS.toNanos(passed);
    }

    private void hear() {
        channel.pipeline().fireChannelReadComplete();
    }

    private int pings() {
        int pings = 0;
        for (PingWebSocketFrame ping = channel.readOutbound(); ping != null; ping = channel.readOutbound()) {
            ping.release();
            pings++;
        }
        return pings;
    }
}
