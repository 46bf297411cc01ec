package org.messengerp2p.mailbox;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** How much waits in how many mailboxes, as one walk over all of them finds it. */
public final class MailboxDepths {

    /** Mailboxes by the number of envelopes that wait in them. */
    enum Band {
        NONE("0", 0),
        TO_TEN("1-10", 10),
        TO_HUNDRED("11-100", 100),
        TO_THOUSAND("101-1000", 1_000),
        TO_TEN_THOUSAND("1001-10000", 10_000),
        MORE("10001-", Integer.MAX_VALUE);

        private final String label;
        private final int most;

        Band(String label, int most) {
            this.label = label;
            this.most = most;
        }

        String label() {
            return label;
        }

        static Band of(int waiting) {
            for (Band band : values()) {
                if (waiting <= band.most) {
                    return band;
                }
            }
            return MORE;
        }
    }

    private final Instant now;
    private final Map<Band, Integer> mailboxes = new EnumMap<>(Band.class);
    private Duration oldestAge = Duration.ZERO;

    /** @param now of the walk */
    public MailboxDepths(Instant now) {
        this.now = now;
    }

    public void addEmpty() {
        mailboxes.merge(Band.NONE, 1, Integer::sum);
    }

    /** @param oldest when the envelope that waits longest was stored */
    public void add(int waiting, Instant oldest) {
        mailboxes.merge(Band.of(waiting), 1, Integer::sum);
        Duration age = Duration.between(oldest, now);
        if (age.compareTo(oldestAge) > 0) {
            oldestAge = age;
        }
    }

    int mailboxes(Band band) {
        return mailboxes.getOrDefault(band, 0);
    }

    /** Zero where nothing waits. */
    Duration oldestAge() {
        return oldestAge;
    }
}
