package org.messengerp2p.auth.token;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * When keys come and go. Time decides alone, so that all replicas which see the same keys decide alike.
 *
 * @param renewBefore a key made before gets a successor now
 * @param revokeBefore a key made before counts for nothing
 */
record KeySchedule(
        Duration signsFor,
        Duration publishedAhead,
        Duration publishedAfter,
        Instant renewBefore,
        Instant revokeBefore) {

    /** @throws IllegalArgumentException for a time that has not come: no key would ever be new enough */
    static KeySchedule of(TokenKeySettings settings, Instant now) {
        return new KeySchedule(
                settings.signsFor(),
                settings.publishedAhead(),
                settings.publishedAfter(),
                past(settings.renewBefore(), "renew-before", now),
                past(settings.revokeBefore(), "revoke-before", now));
    }

    /**
     * @param inOrder the times of each key, in the order in which they begin to sign
     * @return when the key that is to be made now begins to sign; empty if none is due
     */
    Optional<Instant> due(List<KeyTimes> inOrder, Instant now) {
        List<KeyTimes> valid = inOrder.stream().filter(key -> !isRevoked(key)).toList();
        if (valid.isEmpty()) {
            // Nobody can have read the keys before there are any.
            return Optional.of(now);
        }
        KeyTimes newest = valid.get(valid.size() - 1);
        Instant successorSigns = newest.signsFrom().plus(signsFor);
        Instant earliest = now.plus(publishedAhead);
        if (earliest.isBefore(successorSigns) && !newest.madeAt().isBefore(renewBefore)) {
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

    /** Positions of the keys that are to be forgotten now. */
    List<Integer> over(List<KeyTimes> inOrder, Instant now) {
        return IntStream.range(0, inOrder.size())
                .filter(i -> isRevoked(inOrder.get(i))
                        || i + 1 < inOrder.size() && isOver(inOrder.get(i + 1).signsFrom(), now))
                .boxed()
                .toList();
    }

    /** Whether a key whose successor began to sign then may be forgotten. */
    boolean isOver(Instant successorSigns, Instant now) {
        return !successorSigns.plus(publishedAfter).isAfter(now);
    }

    private boolean isRevoked(KeyTimes key) {
        return key.madeAt().isBefore(revokeBefore);
    }

    private static Instant past(Optional<Instant> set, String name, Instant now) {
        Instant time = set.orElse(Instant.MIN);
        if (time.isAfter(now)) {
            throw new IllegalArgumentException("mp2p.auth.token-keys." + name + " is a time that has not come");
        }
        return time;
    }
}
