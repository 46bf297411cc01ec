package org.messengerp2p.kit.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitTest {
    @Test
    void readsASetting() {
        assertEquals(new Limit(10, 10, Duration.ofMinutes(15)), Limit.parse("10/PT15M"));
        assertEquals(new Limit(40, 10, Duration.ofDays(1)), Limit.parse("10/P1D/40"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10", "10/15M", "/PT1M", "-1/PT1M", "0/PT1M", "10/PT0S", "10/PT1M/0", "10/PT1M/", "x/PT1M"})
    void refusesWhatLimitsNothing(String setting) {
        assertThrows(RuntimeException.class, () -> Limit.parse(setting));
    }

    @Test
    void knowsHowLongATokenAndAllOfThemTake() {
        Limit limit = Limit.parse("7/PT1S/3");

        assertEquals(142_857_143, limit.nanosPerToken(), "rounded up: never more than 7 a second");
        assertEquals(3 * 142_857_143L, limit.nanosToFill());
    }

    @Test
    void refusesWhatWouldNotFillInALifetime() {
        assertThrows(ArithmeticException.class, () -> Limit.parse("1/P365D/1000"));
    }
}
