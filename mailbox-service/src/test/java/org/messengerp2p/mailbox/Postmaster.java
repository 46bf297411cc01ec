package org.messengerp2p.mailbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.messengerp2p.testkit.Eventually;

/**
 * The database server of the tests as a process, to be killed and started again on its own data and port, by the program
 * that it runs by now.
 */
final class Postmaster {

    private final String url;
    private final Path data;
    private final List<String> command;
    private Process launched;

    private Postmaster(String url, Path data, List<String> command) {
        this.url = url;
        this.data = data;
        this.command = command;
    }

    /** @param url by which JDBC reaches it */
    static Postmaster of(String url) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select current_setting('data_directory'), current_setting('port')")) {
            row.next();
            Path data = Path.of(row.getString(1));
            String program = process(data).info().command().orElseThrow();
            List<String> command = new ArrayList<>();
            if (runsAsRoot()) {
                // PostgreSQL refuses to be root; here it is nobody.
                command.addAll(List.of("unshare", "-U"));
            }
            // As the tests' database is started at first: the service must not depend on it.
            command.addAll(
                    List.of(program, "-c", "synchronous_commit=off", "-D", data.toString(), "-p", row.getString(2)));
            return new Postmaster(url, data, List.copyOf(command));
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static boolean runsAsRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    Path data() {
        return data;
    }

    /** By SIGKILL, as a power cut; returns when its children have noticed. */
    void kill() throws InterruptedException {
        ProcessHandle postmaster = process(data);
        List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
        all.add(postmaster);
        postmaster.destroyForcibly();
        Eventually.isTrue(
                "the server and its children are gone", () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Starts the program, without waiting. */
    private void launch() {
        try {
            launched = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            Path.of("target", "restarted-postgresql.log").toFile()))
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * As a supervisor: starts it if it has ended, and until it stays and has recovered. It ends by itself while its disk
     * is full, and where a child of the one before that was just being born is not gone yet.
     */
    void start() throws InterruptedException {
        Eventually.isTrue("the server answers again", () -> {
            if (hasEnded() && !answers()) {
                launch();
            }
            return answers();
        });
    }

    private boolean hasEnded() {
        return launched == null || !launched.isAlive();
    }

    boolean answers() {
        try (Connection connection = connect(url)) {
            return connection.isValid(5);
        } catch (SQLException away) {
            return false;
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, "postgres", "postgres");
    }

    private static ProcessHandle process(Path data) {
        try {
            String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
            return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
