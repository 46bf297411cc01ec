package org.messengerp2p.standalone.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.messengerp2p.kit.secret.SecretFile;
import org.messengerp2p.standalone.CannotStart;
import org.messengerp2p.standalone.data.DataDirectory;

/**
 * The database server of this process. What it holds is users' data, so every commit is on disk before it is
 * acknowledged, and nobody reaches it without a password, not even local users.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    static final String SUPERUSER = "postgres";

    /** Recovery after a crash reads at most the write-ahead log of one checkpoint interval. */
    private static final int START_SECONDS = 300;

    private static final int PORT_ATTEMPTS = 3;

    private static final List<String> SETTINGS = List.of(
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=50",
            "timezone=UTC",
            "log_timezone=UTC",
            "jit=off",
            // Delivered envelopes leave no bytes; docs/operations.md, "The space of delivered envelopes".
            "autovacuum_naptime=5s",
            // A failing statement and the detail of a violated constraint hold users' data.
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
            "log_checkpoints=off");

    private final DataDirectory directory;
    private final Path data;
    private final Path log;
    private final SecretFile password;
    private final PostgresBinaries binaries;
    private final PostgresCommand command;
    private final Postmaster postmaster;
    private int port;

    private EmbeddedPostgres(DataDirectory directory) {
        Path parent = directory.postgres();
        this.directory = directory;
        this.data = parent.resolve("data");
        this.log = directory.log().resolve("postgresql.log");
        this.command = new PostgresCommand();
        this.binaries = PostgresBinaries.unpack(parent);
        this.password = SecretFile.at(parent.resolve("password"));
        this.postmaster = new Postmaster(data);
    }

    /** Stops what an earlier run left behind, makes the data on the first start, and waits until it answers. */
    public static EmbeddedPostgres start(DataDirectory directory) {
        EmbeddedPostgres server = new EmbeddedPostgres(directory);
        server.postmaster.clearWhatIsLeft();
        server.prepareData();
        server.startServer();
        return server;
    }

    public int port() {
        return port;
    }

    /** A session of the superuser, for making roles and databases. */
    public Connection connect(String database) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", SUPERUSER);
        login.setProperty("password", password.read());
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, login);
    }

    /** Calls back, on a thread of its own, when the server ends without having been told to. */
    public void onEnd(Runnable ended) {
        postmaster.running().ifPresentOrElse(server -> server.onExit().thenRun(ended), ended);
    }

    /** Starts a server that has ended again, on the port that its clients know. */
    public void restart() {
        postmaster.clearWhatIsLeft();
        if (pgCtlStart() != 0) {
            throw new CannotStart("PostgreSQL does not start again; see " + log + ".");
        }
    }

    /** Stops the server and waits until everything is written. */
    @Override
    public void close() {
        postmaster.stop();
    }

    private void prepareData() {
        if (Files.exists(data) && !directory.complete()) {
            PostgresBinaries.remove(data);
        }
        if (!Files.exists(data)) {
            if (directory.complete()) {
                throw new CannotStart("The data directory " + directory
                        + " is damaged: its database is missing (postgres/data); restore it from a backup.");
            }
            initialize();
        }
        requireOwnVersion();
        writeAccessRules();
    }

    private void initialize() {
        int status = command.run(
                log,
                binaries.program("initdb"),
                List.of(
                        "--pgdata=" + data,
                        "--username=" + SUPERUSER,
                        "--pwfile=" + password.path(),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        // The result must not depend on the locales of the machine.
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8"));
        if (status != 0) {
            throw new CannotStart("PostgreSQL cannot make its data in " + data + "; see " + log + ".");
        }
    }

    private void requireOwnVersion() {
        String found = read(data.resolve("PG_VERSION"));
        if (!found.equals(PostgresBinaries.majorVersion())) {
            throw new CannotStart(
                    found.matches("[0-9]+")
                            ? "The database in " + data + " is of PostgreSQL " + found + " and this version runs "
                                    + PostgresBinaries.majorVersion()
                                    + "; start the version of Messenger that wrote it."
                            : "The data directory " + directory
                                    + " is damaged: PG_VERSION is missing; restore it from a backup.");
        }
    }

    /** Each role reaches its own database only, from this machine only, by password only. */
    private void writeAccessRules() {
        String services = ServiceDatabases.NAMES.stream()
                .map(name -> "host " + name + " " + name + " 127.0.0.1/32 scram-sha-256\n")
                .collect(Collectors.joining());
        write(data.resolve("pg_hba.conf"), services + "host all " + SUPERUSER + " 127.0.0.1/32 scram-sha-256\n");
    }

    private void startServer() {
        long logged = size(log);
        for (int attempt = 1; attempt <= PORT_ATTEMPTS; attempt++) {
            port = freePort();
            if (pgCtlStart() == 0) {
                return;
            }
            String reason = firstFatal(logged);
            if (!reason.contains("could not create any TCP/IP sockets")) {
                throw new CannotStart(
                        "The database in " + data + " does not start (PostgreSQL: " + reason + "); see " + log + ".");
            }
        }
        throw new CannotStart("PostgreSQL finds no free port on 127.0.0.1.");
    }

    private int pgCtlStart() {
        String options = "-p " + port
                + SETTINGS.stream().map(setting -> " -c " + setting).collect(Collectors.joining());
        return command.run(
                log,
                binaries.program("pg_ctl"),
                List.of(
                        "start",
                        "--wait",
                        "--silent",
                        "--timeout=" + START_SECONDS,
                        "--pgdata=" + data,
                        "--log=" + log,
                        "--options=" + options));
    }

    private String firstFatal(long from) {
        return read(log, from)
                .lines()
                .filter(line -> line.matches(".*(FATAL|PANIC): .*"))
                .map(line -> line.replaceFirst(".*(FATAL|PANIC): +", ""))
                .findFirst()
                .orElse("no reason given");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String read(Path file) {
        return read(file, 0).strip();
    }

    private static String read(Path file, long from) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int start = (int) Math.min(from, bytes.length);
            return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
        } catch (IOException absent) {
            return "";
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
