package org.messengerp2p.kit.limit;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Limits guesses by key: so many tries in a window, then a pause of that length which doubles each time the tries after
 * it are used up too, and shrinks again with quiet. In bounded memory, like {@link TokenBuckets}.
 *
 * @param <K> what is guessed at, or from where
 */
public final class TryBackoff<K> {
    private static final int MOST_DOUBLINGS = 4;

    private final Limit limit;
    private final int maxKeys;
    private final LongSupplier nanoTime;
    private final Map<K, Tries> tries = new LinkedHashMap<>(16, 0.75f, true);

    /** @param limit tries and window; its burst is not used */
    public TryBackoff(Limit limit, int maxKeys, LongSupplier nanoTime) {
        this.limit = limit;
        this.maxKeys = maxKeys;
        this.nanoTime = nanoTime;
    }

    /** Counts one try. @return empty if it may be made, else how long to wait */
    public synchronized Optional<Duration> take(K key) {
        long now = nanoTime.getAsLong();
        Tries made = tries.computeIfAbsent(key, absent -> new Tries(now));
        Optional<Duration> wait = made.take(now);
        dropIdle(now);
        return wait;
    }

    /** A try was right: what was wrong before it is forgotten. */
    public synchronized void succeeded(K key) {
        tries.remove(key);
    }

    private void dropIdle(long now) {
        Iterator<Tries> oldestFirst = tries.values().iterator();
        while (oldestFirst.hasNext()) {
            boolean overBound = tries.size() > maxKeys;
            if (!oldestFirst.next().isOver(now) && !overBound) {
                return;
            }
            oldestFirst.remove();
        }
    }

    private final class Tries {
        private long windowBegan;
        private int made;
        private int pauses;
        private long pausedUntil;

        Tries(long now) {
            windowBegan = now;
            pausedUntil = now;
        }

        Optional<Duration> take(long now) {
            if (now - pausedUntil < 0) {
                return Optional.of(Duration.ofNanos(pausedUntil - now));
            }
            forgetWithTime(now);
            if (made == limit.tokens()) {
                pausedUntil = now + (window() << Math.min(pauses, MOST_DOUBLINGS));
                pauses++;
                made = 0;
                windowBegan = pausedUntil;
                return Optional.of(Duration.ofNanos(pausedUntil - now));
            }
            made++;
            return Optional.empty();
        }

        boolean isOver(long now) {
            return now - windowBegan >= window() << Math.min(pauses, MOST_DOUBLINGS) && now - pausedUntil >= 0;
        }

        private void forgetWithTime(long now) {
            if (isOver(now)) {
                pauses = 0;
            }
            if (now - windowBegan >= window()) {
                windowBegan = now;
                made = 0;
            }
        }

        private long window() {
            return limit.period().toNanos();
        }
    }
}
