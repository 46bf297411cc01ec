package org.messengerp2p.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyScheduleTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration AHEAD = Duration.ofMinutes(15);
    private static final Duration AFTER = Duration.ofMinutes(70);
    private static final KeySchedule SCHEDULE = schedule(Instant.MIN, Instant.MIN);

    private final Instant successorSigns = BEGIN.plus(Duration.ofDays(30));
    private final KeyTimes first = new KeyTimes(BEGIN, BEGIN);
    private final KeyTimes next = new KeyTimes(successorSigns.minus(AHEAD), successorSigns);

    @Test
    void beginsWithAKeyThatSignsAtOnce() {
        assertEquals(Optional.of(BEGIN), SCHEDULE.due(List.of(), BEGIN));
    }

    @Test
    void makesTheNextKeyInTimeToBePublishedAhead() {
        Instant due = successorSigns.minus(AHEAD);

        assertEquals(Optional.empty(), SCHEDULE.due(List.of(first), due.minusSeconds(1)));
        assertEquals(Optional.of(successorSigns), SCHEDULE.due(List.of(first), due));
    }

    @Test
    void publishesAheadEvenWhenItComesLate() {
        Instant late = successorSigns.plus(Duration.ofDays(3));

        assertEquals(Optional.of(late.plus(AHEAD)), SCHEDULE.due(List.of(first), late));
    }

    @Test
    void makesNoneWhileTheNextOneWaits() {
        assertEquals(Optional.empty(), SCHEDULE.due(List.of(first, next), successorSigns.minusSeconds(1)));
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

    @Test
    void renewsByAnOperatorsWishInTheOrderOfARotation() {
        Instant wish = BEGIN.plus(Duration.ofDays(3));
        KeySchedule renewing = schedule(wish, Instant.MIN);
        KeyTimes renewed = new KeyTimes(wish, wish.plus(AHEAD));

        assertEquals(Optional.of(wish.plus(AHEAD)), renewing.due(List.of(first), wish));
        assertEquals(Optional.empty(), renewing.due(List.of(first, renewed), wish));
        assertEquals(List.of(), renewing.over(List.of(first, renewed), wish));
        assertEquals(
                List.of(0),
                renewing.over(List.of(first, renewed), renewed.signsFrom().plus(AFTER)));
    }

    @Test
    void revokesWhatWasMadeBeforeEvenIfItWouldSignLater() {
        KeySchedule revoking = schedule(Instant.MIN, successorSigns);
        KeyTimes replacement = new KeyTimes(successorSigns, successorSigns);

        assertEquals(List.of(0, 1), revoking.over(List.of(first, next), successorSigns));
        assertEquals(Optional.of(successorSigns), revoking.due(List.of(first, next), successorSigns));
        assertEquals(Optional.empty(), revoking.due(List.of(replacement), successorSigns));
        assertEquals(List.of(), revoking.over(List.of(replacement), successorSigns));
    }

    @Test
    void takesNoTimeThatHasNotCome() {
        TokenKeySettings tomorrow = settings(Optional.of(BEGIN.plusSeconds(1)), Optional.empty());
        TokenKeySettings leakTomorrow = settings(Optional.empty(), Optional.of(BEGIN.plusSeconds(1)));

        assertThrows(IllegalArgumentException.class, () -> KeySchedule.of(tomorrow, BEGIN));
        assertThrows(IllegalArgumentException.class, () -> KeySchedule.of(leakTomorrow, BEGIN));
        assertEquals(
                BEGIN,
                KeySchedule.of(settings(Optional.of(BEGIN), Optional.empty()), BEGIN)
                        .renewBefore());
    }

    private static KeySchedule schedule(Instant renewBefore, Instant revokeBefore) {
        return new KeySchedule(Duration.ofDays(30), AHEAD, AFTER, renewBefore, revokeBefore);
    }

    private static TokenKeySettings settings(Optional<Instant> renewBefore, Optional<Instant> revokeBefore) {
        return new TokenKeySettings() {
            @Override
            public Duration signsFor() {
                return Duration.ofDays(30);
            }

            @Override
            public Duration publishedAhead() {
                return AHEAD;
            }

            @Override
            public Duration publishedAfter() {
                return AFTER;
            }

            @Override
            public Optional<Instant> renewBefore() {
                return renewBefore;
            }

            @Override
            public Optional<Instant> revokeBefore() {
                return revokeBefore;
            }

            @Override
            public String checkEvery() {
                return "15s";
            }
        };
    }
}
