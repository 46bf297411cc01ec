package org.messengerp2p.bench.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/**
 * PostgreSQL 18, the product's binaries, with every commit on disk before it is answered. One server and one set of
 * settings for all systems; each has a database of its own, which is made new for each run.
 */
public final class BenchPostgres implements AutoCloseable {

    public static final String USER = "postgres";

    /** It trusts whoever is on this machine; clients that insist on a password show this one. */
    public static final String PASSWORD = "postgres";

    private static final Map<String, String> SETTINGS = Map.of(
            // the library that starts it turns both off
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "jit", "off",
            "shared_buffers", "256MB",
            "max_connections", "100",
            // no checkpoint falls into one system's time and not into another's
            "max_wal_size", "4GB",
            "min_wal_size", "2GB",
            "checkpoint_timeout", "30min",
            "timezone", "UTC");

    /** Of 16 MiB: as much of the log as PostgreSQL keeps for reuse by {@code min_wal_size}. */
    private static final int LOG_FILES = 128;

    private final EmbeddedPostgres server;
    private final long pid;

    private BenchPostgres(EmbeddedPostgres server, Path directory) throws IOException {
        this.server = server;
        this.pid = Long.parseLong(
                Files.readAllLines(directory.resolve("postmaster.pid")).get(0));
    }

    public static BenchPostgres start(Path directory) {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setPGStartupWait(Duration.ofMinutes(1))
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF8")
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD);
        SETTINGS.forEach(builder::setServerConfig);
        try {
            BenchPostgres postgres = new BenchPostgres(builder.start(), directory);
            postgres.requireDurable();
            postgres.fillLog();
            return postgres;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Process id of the postmaster. */
    public long pid() {
        return pid;
    }

    /** Makes an empty database, after dropping the one of that name, and lets everything before it reach the disk. */
    public void createAnew(String database) {
        execute("postgres", "drop database if exists " + database + " with (force)");
        execute("postgres", "create database " + database);
        execute("postgres", "checkpoint");
    }

    public void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** First column of the first row. */
    public String text(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public long number(String database, String sql) {
        return Long.parseLong(text(database, sql));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/" + database, USER, PASSWORD);
    }

    /**
     * Makes the files of the write-ahead log, which a server reuses once it has them: without this the first systems
     * alone paid for making them.
     */
    private void fillLog() {
        for (int file = 0; file < LOG_FILES; file++) {
            execute("postgres", "select pg_logical_emit_message(false, 'bench', ''), pg_switch_wal()");
        }
        execute("postgres", "checkpoint");
    }

    /** A figure of a database that only says that it has stored would be worth nothing. */
    private void requireDurable() {
        for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
            if (!text("postgres", "show " + setting).equals("on")) {
                close();
                throw new IllegalStateException(setting + " is off");
            }
        }
    }
}
