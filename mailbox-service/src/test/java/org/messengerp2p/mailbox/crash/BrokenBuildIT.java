package org.messengerp2p.mailbox.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.mailbox.crash.Violation.Kind;

/** The crash test itself: builds that lose messages are found out by a short run. */
class BrokenBuildIT {

    private static final String WAITING = "org/messengerp2p/mailbox/collection/WaitingEnvelopes";
    private static final String POOL = "org/messengerp2p/mailbox/MailboxPool";
    private static final String DELIVERY = "org/messengerp2p/mailbox/delivery/Delivery";

    private static final int CLIENTS = 60;
    private static final int MESSAGES_PER_SECOND = 150;
    private static final int BETWEEN = 150;
    private static final int CRASHES_PERCENT = 20;

    @TempDir
    Path folder;

    /** The first version of this messenger deleted rows and then sent them. */
    @Test
    void findsTheBuildThatDeletesBeforeItSends() throws Exception {
        Path broken = new BrokenBuild(folder).with(WAITING, ".map(rows -> page(rows, limit));", """
                        .map(rows -> page(rows, limit)).call(found -> found.isEmpty()
                                ? Uni.createFrom().nullItem()
                                : acknowledge(device, found.get().envelopes().stream().map(Envelope::id).toList()));
                        """);

        assertFinds(Kind.LOST, broken, 1, 0);
    }

    @Test
    void findsTheBuildThatAnswersStoredBeforeTheCommit() throws Exception {
        String put = "private Uni<DeliveryAnswer> put(Batch batch) {";
        Path broken = new BrokenBuild(folder).with(DELIVERY, put, put + """
                                if (true) {
                                    store.store(batch).subscribe().with(done -> {}, failure -> {});
                                    return Uni.createFrom().item(new DeliveryAnswer(batch.envelopes().stream()
                                            .map(e -> new DeliveryAnswer.Result(e.deviceId(), "stored"))
                                            .toList()));
                                }
                                """);

        assertFinds(Kind.LOST, broken, 1, 2);
    }

    @Test
    void findsTheBuildThatAcknowledgesWithoutDeleting() throws Exception {
        String acknowledge = "Uni<Optional<Integer>> acknowledge(Device device, List<EnvelopeId> ids) {";
        Path broken = new BrokenBuild(folder).with(WAITING, acknowledge, acknowledge + """
                                if (java.util.concurrent.ThreadLocalRandom.current().nextInt(4) == 0) {
                                    return Uni.createFrom().item(Optional.of(ids.size()));
                                }
                                """);

        assertFinds(Kind.ACK_LOST, broken, 0, 0);
    }

    /** Which proves that the kills of the database are such that only what is on the disk survives. */
    @Test
    void findsTheBuildThatCommitsBeforeTheLogIsWritten() throws Exception {
        Path broken = new BrokenBuild(folder)
                .with(POOL, "(\"synchronous_commit\", \"on\")", "(\"synchronous_commit\", \"off\")");

        assertFinds(Kind.LOST, broken, 0, 1, "wal_writer_delay=10s", "wal_writer_flush_after=1GB");
    }

    private void assertFinds(
            Kind expected, Path application, int serviceKills, int databaseKills, String... databaseSettings)
            throws Exception {
        long seed = Long.getLong("crash.seed", ThreadLocalRandom.current().nextInt(1_000_000));
        // Each under load: who is killed before anything is acknowledged loses nothing.
        List<Kill> kills = Kill.draw(new Random(seed), serviceKills, databaseKills).stream()
                .map(kill -> new Kill(kill.victim(), false, kill.after()))
                .toList();
        CrashPlan plan = new CrashPlan(
                seed,
                CLIENTS,
                MESSAGES_PER_SECOND,
                BETWEEN,
                CRASHES_PERCENT,
                kills,
                folder.resolve("history.jsonl.gz"));
        try (CrashRun run = new CrashRun(plan, application, folder, databaseSettings)) {
            run.run();
        }

        HistoryChecker checker = new HistoryChecker();
        History.read(plan.history(), checker::accept);
        List<Violation> violations = checker.verdict();
        System.out.println("Broken on purpose: " + checker.counts() + "; found " + counted(violations));
        assertTrue(
                violations.stream().map(Violation::kind).anyMatch(expected::equals),
                () -> "found only " + counted(violations) + ", seed " + plan.seed());
    }

    private static Set<String> counted(List<Violation> violations) {
        List<String> counts = new ArrayList<>();
        violations.stream()
                .collect(Collectors.groupingBy(Violation::kind, Collectors.counting()))
                .forEach((kind, count) -> counts.add(count + " " + kind));
        return new TreeSet<>(counts);
    }
}
