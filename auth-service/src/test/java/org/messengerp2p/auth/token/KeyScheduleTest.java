package org.messengerp2p.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyScheduleTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration AHEAD = Duration.ofMinutes(15);
    private static final KeySchedule SCHEDULE = new KeySchedule(Duration.ofDays(30), AHEAD, Duration.ofMinutes(70));

    private final Instant successorSigns = BEGIN.plus(Duration.ofDays(30));

    @Test
    void beginsWithAKeyThatSignsAtOnce() {
        assertEquals(Optional.of(BEGIN), SCHEDULE.due(List.of(), BEGIN));
    }

    @Test
    void makesTheNextKeyInTimeToBePublishedAhead() {
        Instant due = successorSigns.minus(AHEAD);

        assertEquals(Optional.empty(), SCHEDULE.due(List.of(BEGIN), due.minusSeconds(1)));
        assertEquals(Optional.of(successorSigns), SCHEDULE.due(List.of(BEGIN), due));
    }

    @Test
    void publishesAheadEvenWhenItComesLate() {
        Instant late = successorSigns.plus(Duration.ofDays(3));

        assertEquals(Optional.of(late.plus(AHEAD)), SCHEDULE.due(List.of(BEGIN), late));
    }

    @Test
    void makesNoneWhileTheNextOneWaits() {
        assertEquals(Optional.empty(), SCHEDULE.due(List.of(BEGIN, successorSigns), successorSigns.minusSeconds(1)));
    }

    @Test
    void signsWithTheLastThatHasBegun() {
        List<Instant> keys = List.of(BEGIN, successorSigns);

        assertEquals(0, SCHEDULE.signing(keys, successorSigns.minusMillis(1)));
        assertEquals(1, SCHEDULE.signing(keys, successorSigns));
    }

    @Test
    void keepsAKeyWhileItsTokensLive() {
        assertFalse(SCHEDULE.isOver(successorSigns, successorSigns.plus(TokenIssuer.PENDING_LIFE)));
        assertTrue(SCHEDULE.isOver(successorSigns, successorSigns.plus(Duration.ofMinutes(70))));
    }
}
