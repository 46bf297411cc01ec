package org.messengerp2p.mailbox.crash;

import java.nio.file.Path;
import java.util.List;

/**
 * What a run does.
 *
 * @param seed of everything that is drawn
 * @param clients each a device that sends and collects
 * @param messagesPerSecond of all clients together; what was due while something was away is sent late, but for what is
 *     more than some seconds late
 * @param between messages that are acknowledged after each kill before the next that waits until all is ready, and after
 *     the last: a slow machine shall not be killed while it does nothing
 * @param crashesPercent how often a recipient crashes before it commits, and how often before it acknowledges
 * @param history where the history is kept
 */
record CrashPlan(
        long seed,
        int clients,
        int messagesPerSecond,
        int between,
        int crashesPercent,
        List<Kill> kills,
        Path history) {

    int serviceKills() {
        return kills.size() - databaseKills();
    }

    int databaseKills() {
        return (int) kills.stream().filter(kill -> kill.victim().isDatabase()).count();
    }
}
