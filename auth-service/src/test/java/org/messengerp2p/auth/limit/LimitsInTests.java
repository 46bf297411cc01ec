package org.messengerp2p.auth.limit;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.testkit.Eventually;

/** Limits and a clock that a test sets, over the tested service's database. */
final class LimitsInTests {
    private LimitsInTests() {}

    static LimitSettings settings(Map<String, Limit> limits) {
        return new LimitSettings() {
            @Override
            public Map<String, Limit> limits() {
                return limits;
            }

            @Override
            public int limitMemory() {
                return 10;
            }
        };
    }

    /** @return empty if the call may pass, else how long it is told to wait */
    static Optional<Duration> waitOf(Supplier<Uni<Void>> call) {
        try {
            VertxContextSupport.subscribeAndAwait(() -> Panache.withSession(call));
            return Optional.empty();
        } catch (ProblemException refused) {
            if (refused.type() != CommonProblem.RATE_LIMITED) {
                throw refused;
            }
            return refused.retryAfter();
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    /** Makes calls that have all read the table before the first of them writes. */
    static List<Optional<Duration>> atOnce(
            int calls, DataSource database, String table, Supplier<Optional<Duration>> call) throws Exception {
        List<CompletableFuture<Optional<Duration>>> made;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select from " + table + " for update");
            made = Stream.generate(() -> CompletableFuture.supplyAsync(call, task -> new Thread(task).start()))
                    .limit(calls)
                    .toList();
            Eventually.isTrue("every call waits for the row", () -> waiting(database) == calls);
            connection.commit();
        }
        return made.stream().map(CompletableFuture::join).toList();
    }

    interface Work {
        void run() throws Throwable;
    }

    /** Does work that must not wait for whoever holds these rows. */
    static void whileHeld(DataSource database, String rows, Work work) throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select from " + rows + " for update");
            CompletableFuture.runAsync(() -> done(work), task -> new Thread(task).start())
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private static void done(Work work) {
        try {
            work.run();
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private static int waiting(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(
                        "select count(*) from pg_stat_activity where datname = 'auth' and wait_event_type = 'Lock'")) {
            count.next();
            return count.getInt(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Stands still but for what the test adds. */
    static final class HandClock extends Clock {
        private Instant now = Instant.now();

        void pass(Duration time) {
            now = now.plus(time);
        }

        long nanos() {
            return Limits.nanos(this);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
