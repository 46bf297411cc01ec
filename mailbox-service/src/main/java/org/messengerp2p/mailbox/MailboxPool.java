package org.messengerp2p.mailbox;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Bounds the queue for a connection, which is endless by default and which no Quarkus setting reaches. */
@Singleton
@ReactiveDataSource(MailboxDatabase.DATASOURCE)
public class MailboxPool implements PgPoolCreator {

    private final MailboxSettings.Database settings;

    MailboxPool(MailboxSettings settings) {
        this.settings = settings.database();
    }

    @Override
    public Pool create(Input input) {
        PoolOptions options = input.poolOptions()
                .setMaxWaitQueueSize(settings.maxWaiting())
                .setConnectionTimeout((int) settings.patience().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .using(input.vertx())
                .connectingTo(List.copyOf(input.pgConnectOptionsList()))
                .with(options)
                .build();
    }
}
