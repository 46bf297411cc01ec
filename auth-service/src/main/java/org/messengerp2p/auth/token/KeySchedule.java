package org.messengerp2p.auth.token;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** When keys come and go. Time decides alone, so that all replicas which see the same keys decide alike. */
record KeySchedule(Duration signsFor, Duration publishedAhead, Duration publishedAfter) {
    static KeySchedule of(TokenKeySettings settings) {
        return new KeySchedule(settings.signsFor(), settings.publishedAhead(), settings.publishedAfter());
    }

    /**
     * @param inOrder when each key begins to sign, ascending
     * @return when the key that is to be made now begins to sign; empty if none is due
     */
    Optional<Instant> due(List<Instant> inOrder, Instant now) {
        if (inOrder.isEmpty()) {
            // Nobody can have read the keys before there are any.
            return Optional.of(now);
        }
        Instant successorSigns = inOrder.get(inOrder.size() - 1).plus(signsFor);
        Instant earliest = now.plus(publishedAhead);
        if (earliest.isBefore(successorSigns)) {
            return Optional.empty();
        }
        return Optional.of(earliest);
    }

    /** Position of the key that signs now: the last one that has begun. */
    int signing(List<Instant> inOrder, Instant now) {
        return IntStream.range(0, inOrder.size())
                .filter(i -> !inOrder.get(i).isAfter(now))
                .max()
                .orElse(0);
    }

    /** Whether a key whose successor began to sign then may be forgotten. */
    boolean isOver(Instant successorSigns, Instant now) {
        return !successorSigns.plus(publishedAfter).isAfter(now);
    }
}
