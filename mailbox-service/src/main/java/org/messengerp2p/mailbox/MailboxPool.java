package org.messengerp2p.mailbox;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What no Quarkus setting reaches: a bound on the queue for a connection, which is endless by default; an end of
 * connections whose other side has gone without a word, which would hold their places for hours; commits that are on
 * disk when they are told, whatever the server's own setting is; and statements that are planned once. By default the
 * client prepares anew what is longer than 2048 characters, and PostgreSQL plans anew, for each time, what takes
 * arrays, which costs more than the statement itself.
 */
@Singleton
@ReactiveDataSource(MailboxDatabase.DATASOURCE)
public class MailboxPool implements PgPoolCreator {

    /** More than the second in which the pool looks for idle connections. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final Duration SHORTEST_IDLE = Duration.ofSeconds(1);

    private final MailboxSettings.Database settings;

    MailboxPool(MailboxSettings settings) {
        this.settings = settings.database();
    }

    @Override
    public Pool create(Input input) {
        List<SqlConnectOptions> databases =
                input.pgConnectOptionsList().stream().map(this::connection).toList();
        PoolOptions options = input.poolOptions()
                .setMaxWaitQueueSize(settings.maxWaiting())
                .setConnectionTimeout((int) settings.patience().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) longestIdle().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .using(input.vertx())
                .connectingTo(databases)
                .with(options)
                .build();
    }

    private SqlConnectOptions connection(PgConnectOptions database) {
        PgConnectOptions options = new PgConnectOptions(database).setPreparedStatementCacheSqlLimit(Integer.MAX_VALUE);
        endureSilence(options);
        if (settings.planOnce()) {
            planOnce(options);
        }
        return options;
    }

    /**
     * The silence after which a connection ends is counted from its last answer, idle or not. So the pool lends none
     * that would end before a caller's patience does. Work in the background may be cut sooner than its own, and is
     * done again.
     */
    private Duration longestIdle() {
        Duration longest = settings.backgroundPatience().minus(settings.patience());
        return longest.compareTo(SHORTEST_IDLE) < 0 ? SHORTEST_IDLE : longest;
    }

    /** No statement is waited for as long as that. */
    private void endureSilence(PgConnectOptions database) {
        int longestSilence = (int) settings.backgroundPatience().plus(SLACK).toSeconds();
        database.setReadIdleTimeout(longestSilence).setIdleTimeoutUnit(TimeUnit.SECONDS);
        database.setConnectTimeout((int) settings.patience().toMillis());
        database.addProperty("synchronous_commit", "on");
    }

    /**
     * Every statement here looks rows up by key. Without statistics, as on a table that was filled a moment ago, the
     * planner would sometimes rather read all of it, and keep that plan.
     */
    private static void planOnce(PgConnectOptions database) {
        database.addProperty("plan_cache_mode", "force_generic_plan")
                .addProperty("enable_seqscan", "off")
                .addProperty("enable_mergejoin", "off")
                .addProperty("jit", "off");
    }
}
