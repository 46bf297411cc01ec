package org.messengerp2p.testkit;

import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import java.time.Duration;

/** Waits until the service is ready, as whoever sends it traffic does: the first token keys are made after the start. */
public final class Readiness {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Readiness() {}

    public static SmallRyeHealth await(SmallRyeHealthReporter health) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            SmallRyeHealth found = health.getReadinessAsync().await().atMost(PATIENCE);
            if (!found.isDown()) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not ready: " + found.getPayload());
            }
            Thread.sleep(50);
        }
    }
}
