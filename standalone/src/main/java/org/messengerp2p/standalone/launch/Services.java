package org.messengerp2p.standalone.launch;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.health.SmallRyeHealthReporter;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.messengerp2p.standalone.CannotStart;

/** The running services: prints the URL when every readiness check says yes, then waits for the end. */
public class Services implements QuarkusApplication {

    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final SmallRyeHealthReporter health;
    private final String url;

    Services(SmallRyeHealthReporter health, @ConfigProperty(name = "messenger.url") String url) {
        this.health = health;
        this.url = url;
    }

    @Override
    public int run(String... arguments) throws InterruptedException {
        long deadline = System.nanoTime() + READY.toNanos();
        while (health.getReadinessAsync().await().atMost(READY).isDown()) {
            if (System.nanoTime() > deadline) {
                throw new CannotStart("The services have started but do not become ready;"
                        + " log/messenger.log in the data directory tells more.");
            }
            Thread.sleep(PAUSE.toMillis());
        }
        System.out.println(url);
        Quarkus.waitForExit();
        return 0;
    }
}
