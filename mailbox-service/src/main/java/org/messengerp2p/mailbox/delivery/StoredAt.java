package org.messengerp2p.mailbox.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** When an envelope came, to the minute and no finer: the row shall not tell when exactly somebody wrote (MP2P/1 §6.3). */
@ApplicationScoped
class StoredAt {

    private final Clock clock;

    StoredAt(Clock clock) {
        this.clock = clock;
    }

    OffsetDateTime thisMinute() {
        return clock.instant().truncatedTo(ChronoUnit.MINUTES).atOffset(ZoneOffset.UTC);
    }
}
