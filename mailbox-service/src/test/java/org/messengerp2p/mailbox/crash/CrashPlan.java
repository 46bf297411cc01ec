package org.messengerp2p.mailbox.crash;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * What a run does.
 *
 * @param seed of everything that is drawn
 * @param clients each a device that sends and collects
 * @param messagesPerSecond of all clients together, from the first to the last kill and in between; what was due while
 *     something was away is sent late, but for what is more than some seconds late
 * @param history where the history is kept
 */
record CrashPlan(long seed, int clients, int messagesPerSecond, List<Kill> kills, Path history) {

    static CrashPlan draw(
            long seed, int clients, int messagesPerSecond, int serviceKills, int databaseKills, Path history) {
        return new CrashPlan(
                seed, clients, messagesPerSecond, Kill.draw(new Random(seed), serviceKills, databaseKills), history);
    }

    int serviceKills() {
        return kills.size() - databaseKills();
    }

    int databaseKills() {
        return (int) kills.stream().filter(kill -> kill.victim().isDatabase()).count();
    }
}
