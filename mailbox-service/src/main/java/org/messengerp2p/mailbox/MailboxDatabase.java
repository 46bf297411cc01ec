package org.messengerp2p.mailbox;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * The service's way to PostgreSQL. A database that is away, starting, overloaded or silent is one answer, 503 with
 * Retry-After: whether the statement was done is then not known, and every statement may be repeated. One without room
 * on its disk is 507: the statement was not done.
 */
@ApplicationScoped
public class MailboxDatabase {

    static final String DATASOURCE = "mailbox";

    private static final Logger LOG = Logger.getLogger(MailboxDatabase.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    /** Somebody has to make room, or many to collect. */
    private static final Duration ROOM_AFTER = Duration.ofSeconds(30);

    private static final Duration TELL_FULL_EVERY = Duration.ofMinutes(1);
    private static final String DISK_FULL = "53100";

    private final Pool pool;
    private final Duration patience;
    private final Duration backgroundPatience;
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicLong toldFullAt = new AtomicLong(System.nanoTime() - TELL_FULL_EVERY.toNanos());

    MailboxDatabase(@ReactiveDataSource(DATASOURCE) Pool pool, MailboxSettings settings) {
        this.pool = pool;
        this.patience = settings.database().patience();
        this.backgroundPatience = settings.database().backgroundPatience();
    }

    /** One statement, committed when the answer is there. */
    public Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
        return within(patience, statement(sql, parameters));
    }

    /**
     * As {@link #execute}, for a statement that does the work of several requests: when it was rolled back, for
     * another transaction's sake as well, that is told as it is, so that each may be done by itself.
     *
     * @return fails with {@link PgException} then
     */
    public Uni<RowSet<Row>> executeTogether(String sql, Tuple parameters) {
        return within(patience, statement(sql, parameters), failure -> meansAway(failure) && !wasRolledBack(failure));
    }

    /** As {@link #execute}, for work that no client waits for. */
    public Uni<RowSet<Row>> executeInBackground(String sql, Tuple parameters) {
        return within(backgroundPatience, statement(sql, parameters));
    }

    /** Several statements, committed together when the answer is there. */
    public <T> Uni<T> inTransaction(Function<SqlConnection, Uni<T>> statements) {
        return within(backgroundPatience, pool.withTransaction(statements));
    }

    /** As {@link #inTransaction}, for a client that waits. */
    public <T> Uni<T> inTransactionForClient(Function<SqlConnection, Uni<T>> statements) {
        return within(patience, pool.withTransaction(statements));
    }

    /**
     * On a borrowed connection, which goes back when the statement has ended, also if nobody waits for it any more. The
     * pool's own way to run one is the same but for its bound on the wait for a connection: that ends late for each
     * statement which found no database, and as an error with a stack trace in the log.
     */
    private Uni<RowSet<Row>> statement(String sql, Tuple parameters) {
        return Uni.createFrom()
                .deferred(() -> UniHelper.toUni(pool.getDelegate()
                        .withConnection(
                                connection -> connection.preparedQuery(sql).execute(parameters.getDelegate()))))
                .map(rows -> RowSet.newInstance(rows, Row.__TYPE_ARG));
    }

    private <T> Uni<T> within(Duration longest, Uni<T> statement) {
        return within(longest, statement, MailboxDatabase::meansAway);
    }

    private <T> Uni<T> within(Duration longest, Uni<T> statement, Predicate<Throwable> meansAway) {
        return statement
                .ifNoItem()
                .after(longest)
                .fail()
                .onItem()
                .invoke(this::isThere)
                .onFailure(meansAway)
                .transform(this::unavailable);
    }

    private void isThere() {
        if (away.compareAndSet(true, false)) {
            LOG.info("The database answers again");
        }
    }

    private ProblemException unavailable(Throwable failure) {
        if (saysDiskFull(failure)) {
            tellFull();
            return ProblemException.retryAfter(
                    MailboxProblem.STORAGE_FULL, "The server has no room for more now; try again later.", ROOM_AFTER);
        }
        if (away.compareAndSet(false, true)) {
            LOG.warnf("The database does not answer (%s)", cause(failure));
        }
        return ProblemException.retryAfter(
                CommonProblem.UNAVAILABLE, "The service cannot reach its database; try again.", RETRY_AFTER);
    }

    /** Once a minute: others' statements succeed in between, so nothing says when it is over. */
    private void tellFull() {
        long now = System.nanoTime();
        long before = toldFullAt.get();
        if (now - before >= TELL_FULL_EVERY.toNanos() && toldFullAt.compareAndSet(before, now)) {
            LOG.error("The database has no room left on its disk; what is new is refused");
        }
    }

    /** The server is there, and what takes no room still works. */
    private static boolean saysDiskFull(Throwable failure) {
        return failure instanceof PgException refusal && DISK_FULL.equals(refusal.getSqlState());
    }

    /** Anything but a refusal of the statement itself. */
    private static boolean meansAway(Throwable failure) {
        if (failure instanceof ProblemException) {
            return false;
        }
        return !(failure instanceof PgException refusal) || isTemporary(refusal.getSqlState());
    }

    /** Also where the server that answered could not reach another: the coordinator of a cluster, one of its nodes. */
    private static boolean wasRolledBack(Throwable failure) {
        return failure instanceof PgException refusal
                && (refusal.getSqlState().startsWith("40")
                        || refusal.getSqlState().startsWith("08"));
    }

    /** Classes of SQLSTATE that speak of the server and not of the statement. */
    private static boolean isTemporary(String sqlState) {
        return switch (sqlState.substring(0, 2)) {
            case "08", "53", "57", "58" -> true; // connection, resources, operator intervention, system
            case "25" -> sqlState.equals("25006"); // read-only: this server is a standby now
            case "40" -> true; // rolled back for another transaction's sake
            default -> false;
        };
    }

    private static String cause(Throwable failure) {
        return failure instanceof PgException refusal
                ? "SQLSTATE " + refusal.getSqlState()
                : failure.getClass().getSimpleName();
    }
}
