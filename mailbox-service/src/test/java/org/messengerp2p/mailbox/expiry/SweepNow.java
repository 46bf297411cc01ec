package org.messengerp2p.mailbox.expiry;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Lets tests of other packages look for what has expired without waiting for the time to do so. */
@ApplicationScoped
public class SweepNow {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Expiry expiry;

    SweepNow(Expiry expiry) {
        this.expiry = expiry;
    }

    public void run() {
        expiry.sweep().await().atMost(LONGEST);
    }
}
