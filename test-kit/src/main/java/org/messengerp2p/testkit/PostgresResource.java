package org.messengerp2p.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * A real PostgreSQL for a test: embedded by default, a Dev Services container with {@code DEV_SERVICES=true} (the
 * choice is the environment's, since a machine may have a container engine without any image). Init argument
 * {@code datasource}: the named datasource, which is also the database's name.
 */
public class PostgresResource implements QuarkusTestResourceLifecycleManager {

    private String datasource;
    private EmbeddedPostgres postgres;

    @Override
    public void init(Map<String, String> arguments) {
        datasource = arguments.get("datasource");
    }

    @Override
    public Map<String, String> start() {
        if (Boolean.parseBoolean(System.getenv("DEV_SERVICES"))) {
            return Map.of();
        }
        try {
            postgres = EmbeddedPostgres.builder().start();
            createDatabase();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        String address = "127.0.0.1:" + postgres.getPort() + "/" + datasource;
        String prefix = "quarkus.datasource." + datasource;
        Map<String, String> settings = new HashMap<>();
        settings.put(prefix + ".jdbc.url", "jdbc:postgresql://" + address);
        settings.put(prefix + ".reactive.url", "postgresql://" + address);
        settings.put(prefix + ".username", "postgres");
        settings.put(prefix + ".password", "postgres");
        return settings;
    }

    @Override
    public void stop() {
        if (postgres != null) {
            try {
                postgres.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private void createDatabase() {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database \"" + datasource + "\"");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
