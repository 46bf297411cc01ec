package org.messengerp2p.mailbox.archive;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Lets a test of another package look for rows of former keys now. */
@ApplicationScoped
public class ResealNow {

    private final Resealing resealing;

    ResealNow(Resealing resealing) {
        this.resealing = resealing;
    }

    /** @return how many rows were sealed anew */
    public int look() {
        return resealing.look().await().atMost(Duration.ofSeconds(30)).resealed();
    }
}
