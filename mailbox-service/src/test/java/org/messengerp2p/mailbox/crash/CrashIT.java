package org.messengerp2p.mailbox.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service is killed ten times, and PostgreSQL three times, under a load of 320 messages a second from 200
 * clients: nothing acknowledged is lost, doubled or out of order.
 *
 * <p>System properties: {@code crash.service-kills}, {@code crash.database-kills}, {@code crash.seed} to draw the same
 * kills again, {@code crash.history} for the file of the history. {@code crash.judge} names one to be judged again.
 */
class CrashIT {

    private static final Path APPLICATION = Path.of("target/quarkus-app");
    private static final int CLIENTS = 200;
    private static final int MESSAGES_PER_SECOND = 320;
    private static final int BETWEEN = 50;
    private static final int CRASHES_PERCENT = 3;

    @TempDir
    Path folder;

    @Test
    void nothingAcknowledgedIsEverLost() throws Exception {
        long seed = Long.getLong("crash.seed", ThreadLocalRandom.current().nextInt(1_000_000));
        List<Kill> kills = Kill.draw(
                new Random(seed),
                Integer.getInteger("crash.service-kills", 10),
                Integer.getInteger("crash.database-kills", 3));
        Path history = Path.of(System.getProperty("crash.history", "target/crash/history.jsonl.gz"));
        CrashPlan plan = new CrashPlan(seed, CLIENTS, MESSAGES_PER_SECOND, BETWEEN, CRASHES_PERCENT, kills, history);
        System.out.println("Crash test: seed " + plan.seed() + ", history in " + plan.history());

        try (CrashRun run = new CrashRun(plan, APPLICATION, folder)) {
            try {
                run.run();
            } catch (Exception | AssertionError failed) {
                failed.addSuppressed(new AssertionError("The service said last:\n" + run.lastLinesOfTheService()));
                throw failed;
            }
            assertEquals(0, run.inexactMailboxes());
        }

        HistoryCounts counts = judge(plan.history());
        assertEquals(plan.serviceKills(), counts.serviceKills());
        assertEquals(plan.databaseKills(), counts.databaseKills());
    }

    @Test
    @EnabledIfSystemProperty(named = "crash.judge", matches = ".+")
    void judgesAHistoryThatWasKept() {
        judge(Path.of(System.getProperty("crash.judge")));
    }

    private static HistoryCounts judge(Path history) {
        HistoryChecker checker = new HistoryChecker();
        History.read(history, checker::accept);
        System.out.println("Crash test: " + checker.counts());
        List<Violation> violations = checker.verdict();
        assertTrue(
                violations.isEmpty(),
                () -> violations.size() + " violations in " + history + ": "
                        + violations.subList(0, Math.min(20, violations.size())));
        return checker.counts();
    }
}
