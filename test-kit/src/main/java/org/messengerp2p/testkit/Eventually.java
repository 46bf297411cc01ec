package org.messengerp2p.testkit;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for what another thread or process does by itself. */
public final class Eventually {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 50;

    private Eventually() {}

    public static void isTrue(String what, Supplier<Boolean> condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!condition.get()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come about: " + what);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
