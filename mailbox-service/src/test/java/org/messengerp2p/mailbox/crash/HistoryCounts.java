package org.messengerp2p.mailbox.crash;

import org.messengerp2p.mailbox.crash.HistoryEvent.Answered;
import org.messengerp2p.mailbox.crash.HistoryEvent.Begun;
import org.messengerp2p.mailbox.crash.HistoryEvent.Collected;
import org.messengerp2p.mailbox.crash.HistoryEvent.Committed;
import org.messengerp2p.mailbox.crash.HistoryEvent.Forgot;
import org.messengerp2p.mailbox.crash.HistoryEvent.Killed;
import org.messengerp2p.mailbox.crash.HistoryEvent.Sent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Unanswered;

/** How much a history holds. */
final class HistoryCounts {

    private long seed;
    private long millis;
    private int serviceKills;
    private int databaseKills;
    private int requests;
    private int messages;
    private int stored;
    private int committed;
    private int handedOut;
    private int unanswered;
    private int forgot;

    void add(HistoryEvent event) {
        millis = event.at();
        if (event instanceof Begun begun) {
            seed = begun.seed();
        } else if (event instanceof Sent) {
            requests++;
        } else if (event instanceof Answered answered && answered.status() == 200) {
            messages++;
            stored += (int) answered.states().stream().filter("stored"::equals).count();
        } else if (event instanceof Unanswered) {
            unanswered++;
        } else if (event instanceof Collected collected) {
            handedOut += collected.items().size();
        } else if (event instanceof Committed) {
            committed++;
        } else if (event instanceof Forgot) {
            forgot++;
        } else if (event instanceof Killed killed) {
            serviceKills += killed.victim().isDatabase() ? 0 : 1;
            databaseKills += killed.victim().isDatabase() ? 1 : 0;
        }
    }

    int serviceKills() {
        return serviceKills;
    }

    int databaseKills() {
        return databaseKills;
    }

    /** Of the whole time, with all kills in it. */
    private long messagesPerSecond() {
        return messages * 1000L / Math.max(1, millis);
    }

    @Override
    public String toString() {
        return ("seed %d: %d kills of the service and %d of PostgreSQL in %d s; %d messages acknowledged, %d a second;"
                        + " %d sent again; %d envelopes stored, %d committed, %d handed out again; %d crashes of"
                        + " recipients; %d requests without an answer")
                .formatted(
                        seed,
                        serviceKills,
                        databaseKills,
                        millis / 1000,
                        messages,
                        messagesPerSecond(),
                        requests - messages,
                        stored,
                        committed,
                        handedOut - committed,
                        forgot,
                        unanswered);
    }
}
