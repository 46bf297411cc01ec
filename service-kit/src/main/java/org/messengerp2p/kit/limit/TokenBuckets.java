package org.messengerp2p.kit.limit;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One bucket a key, in bounded memory. At the bound the bucket that was used longest ago goes: who can make many
 * keys can only make the server forget old ones, never exhaust it.
 *
 * @param <K> what is limited: an account, an address prefix, a pair
 */
public final class TokenBuckets<K> {

    private final Limit limit;
    private final int maxKeys;
    private final LongSupplier nanoTime;
    private final Map<K, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    public TokenBuckets(Limit limit, int maxKeys, LongSupplier nanoTime) {
        this.limit = limit;
        this.maxKeys = maxKeys;
        this.nanoTime = nanoTime;
    }

    public TokenBuckets(Limit limit, int maxKeys) {
        this(limit, maxKeys, System::nanoTime);
    }

    /** @return empty if the call may pass, else how long to wait */
    public synchronized Optional<Duration> take(K key) {
        long now = nanoTime.getAsLong();
        Optional<Duration> wait = buckets.computeIfAbsent(key, absent -> new TokenBucket(limit, now))
                .take(now);
        dropIdle(now);
        return wait;
    }

    /** Takes as many of these tokens as the key has: for a call that turned out to cost more than its one. */
    public synchronized void spend(K key, int tokens) {
        long now = nanoTime.getAsLong();
        buckets.computeIfAbsent(key, absent -> new TokenBucket(limit, now)).spend(tokens, now);
        dropIdle(now);
    }

    public synchronized int size() {
        return buckets.size();
    }

    private void dropIdle(long now) {
        Iterator<TokenBucket> oldestFirst = buckets.values().iterator();
        while (oldestFirst.hasNext()) {
            boolean overBound = buckets.size() > maxKeys;
            if (!oldestFirst.next().isFull(now) && !overBound) {
                return;
            }
            oldestFirst.remove();
        }
    }
}
