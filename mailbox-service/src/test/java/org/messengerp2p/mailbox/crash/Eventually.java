package org.messengerp2p.mailbox.crash;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for another process, which has no event that could be awaited from here. */
final class Eventually {

    private static final Duration LONGEST = Duration.ofMinutes(3);

    private Eventually() {}

    /** @param condition what it throws means not yet */
    static void isTrue(String what, Callable<Boolean> condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come about: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static boolean holds(Callable<Boolean> condition) throws InterruptedException {
        try {
            return condition.call();
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception notYet) {
            return false;
        }
    }
}
