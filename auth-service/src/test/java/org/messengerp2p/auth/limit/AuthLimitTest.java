package org.messengerp2p.auth.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.limit.Limit;

class AuthLimitTest {
    @Test
    void hasTheNumbersOfTheProtocol() {
        assertEquals(Limit.per(Duration.ofMinutes(15), 10), AuthLimit.PASSWORDS_BY_NAME.standard());
        assertEquals(Limit.per(Duration.ofMinutes(15), 10), AuthLimit.PASSWORDS_BY_ADDRESS.standard());
        assertEquals(Limit.per(Duration.ofHours(1), 30), AuthLimit.NAMES_BY_HOUR.standard());
        assertEquals(Limit.per(Duration.ofDays(1), 200), AuthLimit.NAMES_BY_DAY.standard());
        assertEquals(Limit.per(Duration.ofHours(1), 10), AuthLimit.BUNDLES_BY_PAIR.standard());
        assertEquals(Limit.per(Duration.ofDays(1), 200), AuthLimit.BUNDLES_BY_REQUESTER.standard());
    }

    @Test
    void takesASettingInPlaceOfADefault() {
        Limits limits = new Limits(LimitsInTests.settings(Map.of("names-by-hour", Limit.parse("7/PT2H"))));

        assertEquals(Limit.per(Duration.ofHours(2), 7), limits.rate(AuthLimit.NAMES_BY_HOUR));
        assertEquals(AuthLimit.NAMES_BY_DAY.standard(), limits.rate(AuthLimit.NAMES_BY_DAY));
    }

    @Test
    void refusesToStartWithALimitThatIsNotThere() {
        LimitSettings mistyped = LimitsInTests.settings(Map.of("names-per-hour", Limit.parse("7/PT2H")));

        assertThrows(IllegalStateException.class, () -> new Limits(mistyped));
    }
}
