package org.messengerp2p.kit.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TryBackoffTest {
    private static final Duration WINDOW = Duration.ofMinutes(15);

    private long now;
    private final TryBackoff<String> tries = new TryBackoff<>(Limit.per(WINDOW, 3), 2, () -> now);

    @Test
    void pausesForAWindowThenTwiceAsLong() {
        useUp("a");
        assertEquals(Optional.of(WINDOW), tries.take("a"));

        pass(WINDOW);
        useUp("a");
        assertEquals(Optional.of(WINDOW.multipliedBy(2)), tries.take("a"));

        pass(WINDOW.multipliedBy(2));
        useUp("a");
        assertEquals(Optional.of(WINDOW.multipliedBy(4)), tries.take("a"));
    }

    @Test
    void tellsWhatIsLeftOfAPauseWithoutProlongingIt() {
        useUp("a");
        tries.take("a");

        pass(Duration.ofMinutes(5));

        assertEquals(Optional.of(Duration.ofMinutes(10)), tries.take("a"));
        assertEquals(Optional.of(Duration.ofMinutes(10)), tries.take("a"));
    }

    @Test
    void doublesNoMoreThanFourTimes() {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 8; i++) {
            useUp("a");
            longest = tries.take("a").orElseThrow();
            pass(longest);
        }

        assertEquals(WINDOW.multipliedBy(16), longest);
    }

    @Test
    void forgetsWithQuiet() {
        useUp("a");
        tries.take("a");
        pass(WINDOW.multipliedBy(4));

        useUp("a");

        assertEquals(Optional.of(WINDOW), tries.take("a"));
    }

    @Test
    void beginsAnewInTheNextWindow() {
        tries.take("a");
        tries.take("a");
        pass(WINDOW);

        useUp("a");
    }

    @Test
    void forgetsAfterSuccess() {
        tries.take("a");
        tries.take("a");
        tries.succeeded("a");

        useUp("a");
    }

    @Test
    void countsEachKeyByItself() {
        useUp("a");

        useUp("b");
    }

    @Test
    void remembersNoMoreThanItsBound() {
        useUp("a");
        tries.take("b");
        tries.take("c");

        assertTrue(tries.take("a").isEmpty(), "the one used longest ago was forgotten");
    }

    private void useUp(String key) {
        for (int i = 0; i < 3; i++) {
            assertTrue(tries.take(key).isEmpty());
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
