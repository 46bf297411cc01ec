package org.messengerp2p.mailbox;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The pool as no Quarkus setting makes it: its queue for a connection is bounded, and its statements are planned once.
 * By default the client prepares anew what is longer than 2048 characters, and PostgreSQL plans anew, for each time,
 * what takes arrays, which costs more than the statement itself.
 */
@Singleton
@ReactiveDataSource(MailboxDatabase.DATASOURCE)
public class MailboxPool implements PgPoolCreator {

    private final MailboxSettings.Database settings;

    MailboxPool(MailboxSettings settings) {
        this.settings = settings.database();
    }

    @Override
    public Pool create(Input input) {
        List<SqlConnectOptions> databases = input.pgConnectOptionsList().stream()
                .map(MailboxPool::planningOnce)
                .toList();
        PoolOptions options = input.poolOptions()
                .setMaxWaitQueueSize(settings.maxWaiting())
                .setConnectionTimeout((int) settings.patience().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .using(input.vertx())
                .connectingTo(databases)
                .with(options)
                .build();
    }

    /**
     * Every statement here looks rows up by key. Without statistics, as on a table that was filled a moment ago, the
     * planner would sometimes rather read all of it, and keep that plan.
     */
    private static SqlConnectOptions planningOnce(PgConnectOptions database) {
        return new PgConnectOptions(database)
                .setPreparedStatementCacheSqlLimit(Integer.MAX_VALUE)
                .addProperty("plan_cache_mode", "force_generic_plan")
                .addProperty("enable_seqscan", "off")
                .addProperty("enable_mergejoin", "off")
                .addProperty("jit", "off");
    }
}
