package org.messengerp2p.kit.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final TokenBuckets<String> buckets =
            new TokenBuckets<>(new Limit(2, 1, Duration.ofSeconds(10)), 3, now::get);

    @Test
    void letsABurstPassAndThenTellsTheWait() {
        assertEquals(Optional.empty(), buckets.take("a"));
        assertEquals(Optional.empty(), buckets.take("a"));

        assertEquals(Optional.of(Duration.ofSeconds(10)), buckets.take("a"));
    }

    @Test
    void fillsAtItsRateAcrossTheOverflowOfTheNanoClock() {
        buckets.take("a");
        buckets.take("a");

        now.addAndGet(Duration.ofSeconds(10).toNanos());

        assertEquals(Optional.empty(), buckets.take("a"));
        assertTrue(buckets.take("a").isPresent());
    }

    @Test
    void whatIsSpentBesideIsMissingLater() {
        buckets.take("a");
        buckets.spend("a", 1);

        assertEquals(Optional.of(Duration.ofSeconds(10)), buckets.take("a"));
    }

    @Test
    void nothingIsOwedBeyondAnEmptyBucket() {
        buckets.take("a");
        buckets.spend("a", Integer.MAX_VALUE);

        assertEquals(Optional.of(Duration.ofSeconds(10)), buckets.take("a"));
        now.addAndGet(Duration.ofSeconds(20).toNanos());
        assertEquals(Optional.empty(), buckets.take("a"));
        assertEquals(Optional.empty(), buckets.take("a"));
    }

    @Test
    void keysDoNotShareABucket() {
        buckets.take("a");
        buckets.take("a");

        assertEquals(Optional.empty(), buckets.take("b"));
    }

    @Test
    void memoryIsBoundedAndTheOldestGoes() {
        for (int key = 0; key < 1000; key++) {
            buckets.take("key " + key);
        }

        assertEquals(3, buckets.size());
    }

    @Test
    void aRefilledBucketIsForgotten() {
        buckets.take("a");
        now.addAndGet(Duration.ofSeconds(20).toNanos());

        buckets.take("b");

        assertEquals(1, buckets.size());
    }
}
