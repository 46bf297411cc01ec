package org.messengerp2p.auth.transparency;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What an append, a tree head and a start cost in a log of 10³ and of 10⁶ leaves, on a real PostgreSQL, by the service's own code.
 * Medians, each after a warm-up.
 */
@QuarkusTest
class TransparencyFigures extends LogTest {
    private static final int SMALL = 1_000;
    private static final int LARGE = 1_000_000;
    private static final int BATCH = 10_000;
    private static final int WARM_UP = 1_000;
    private static final int ROUNDS = 300;
    private static final int ACCOUNTS = 100_000;

    @Inject
    TreeHeads heads;

    @Inject
    LogBacklog backlog;

    @Test
    void showsThatTheCostDoesNotGrowWithTheLog() throws Throwable {
        try (KeptLog kept = new KeptLog(database)) {
            kept.rewrite("truncate key_leaf");
            fill(0, SMALL);
            // Until the compiler has done its work: what it does later would count for the large log.
            measure(5 * WARM_UP);
            kept.rewrite("truncate key_leaf");
            fill(0, SMALL);
            kept.run("vacuum analyze key_leaf");
            measure(WARM_UP / 10);
            Medians small = measure(ROUNDS);
            fill(currentSize(), LARGE);
            kept.run("vacuum analyze key_leaf");
            measure(WARM_UP / 10);
            Medians large = measure(ROUNDS);

            System.out.printf(
                    "append, commit included:  %.3f ms at 10^3, %.3f ms at 10^6, ratio %.2f%n",
                    small.append(), large.append(), large.append() / small.append());
            System.out.printf(
                    "new tree head:            %.3f ms at 10^3, %.3f ms at 10^6, ratio %.2f%n",
                    small.head(), large.head(), large.head() / small.head());
            System.out.printf(
                    "hashing alone of both:    %.1f µs at 10^3, %.1f µs at 10^6%n", hashing(SMALL), hashing(LARGE));
        }
    }

    @Test
    void showsWhatAStartCosts() throws Throwable {
        try (KeptLog kept = new KeptLog(database)) {
            kept.run(
                    "create table kept_accounts as select account_id from account",
                    """
                    insert into account (account_id, username, aik, list_version, registration_hash, created_at)
                    select uuidv7(), 'figures-' || i, sha256(int4send(i)), 1, sha256(int4send(i)), now()
                      from generate_series(1, %d) i
                    """.formatted(ACCOUNTS),
                    """
                    insert into device_list (account_id, list_version, dlc)
                    select account_id, 1, decode(repeat('00', 268), 'hex') || aik from account
                     where username like 'figures-%'
                    """,
                    "vacuum analyze account",
                    "vacuum analyze device_list");
            double begun = startMillis();
            kept.run("vacuum analyze key_leaf");
            startMillis();
            double checked = startMillis();

            System.out.printf("start that begins the log: %.0f ms for %d accounts%n", begun, ACCOUNTS);
            System.out.printf("any other start:           %.0f ms%n", checked);
            kept.run(
                    "delete from account where account_id not in (select account_id from kept_accounts)",
                    "drop table kept_accounts");
        }
    }

    private double startMillis() throws Exception {
        long begun = System.nanoTime();
        backlog.append(null);
        return (System.nanoTime() - begun) / 1e6;
    }

    /** In milliseconds. */
    private record Medians(double append, double head) {}

    private Medians measure(int rounds) throws Throwable {
        double[] appends = new double[rounds];
        double[] signed = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            List<Leaf> two = anyLeaves(2).stream().map(Leaf::new).toList();
            appends[i] = millis(() -> Panache.withTransaction(() -> log.append(two)));
            signed[i] = millis(() -> heads.current());
        }
        return new Medians(median(appends), median(signed));
    }

    private static double millis(Supplier<Uni<?>> call) throws Throwable {
        long begun = System.nanoTime();
        VertxContextSupport.subscribeAndAwait(() -> call.get().replaceWithVoid());
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double hashing(int size) {
        Frontier log = Frontier.of(size - 1, new byte[32 * Long.bitCount(size - 1)]);
        List<byte[]> leaf = anyLeaves(1);
        double[] each = new double[20_000];
        for (int i = 0; i < each.length; i++) {
            long begun = System.nanoTime();
            log.with(leaf).root();
            each[i] = (System.nanoTime() - begun) / 1e3;
        }
        return median(each);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private long currentSize() throws Throwable {
        return VertxContextSupport.subscribeAndAwait(heads::current).size();
    }

    /** Straight into the tables: a million transactions are not what is measured. */
    private void fill(long from, long to) throws Exception {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Frontier tree = frontier(connection);
            try (PreparedStatement insert = connection.prepareStatement("insert into key_leaf values (?, ?)")) {
                for (long size = from; size < to; ) {
                    List<byte[]> leaves = anyLeaves((int) Math.min(BATCH, to - size));
                    for (byte[] leaf : leaves) {
                        insert.setLong(1, size++);
                        insert.setBytes(2, leaf);
                        insert.addBatch();
                    }
                    insert.executeBatch();
                    tree = tree.with(leaves);
                }
            }
            try (PreparedStatement update = connection.prepareStatement("update key_log set size = ?, peaks = ?")) {
                update.setLong(1, tree.size());
                update.setBytes(2, tree.encodedPeaks());
                update.executeUpdate();
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static Frontier frontier(Connection connection) throws Exception {
        try (var rows = connection.createStatement().executeQuery("select size, peaks from key_log")) {
            rows.next();
            return Frontier.of(rows.getLong(1), rows.getBytes(2));
        }
    }
}
