package org.messengerp2p.standalone.launch;

import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import java.time.Duration;

/** Waits as the launch does before it prints the URL: the first token keys are made after the start. */
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
