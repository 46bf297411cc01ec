package org.messengerp2p.standalone.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.standalone.CannotStart;
import org.messengerp2p.standalone.data.DataDirectory;

/** What is committed survives a kill of either process, and a start ends only what is its own (docs/adr/0002). */
class SurvivalTest {

    @TempDir
    static Path once;

    @TempDir
    Path temporary;

    private Path data;

    /** A first start takes seconds, a copy of what it made does not. */
    @BeforeAll
    static void makeData() {
        try (DataDirectory directory = DataDirectory.open(once.resolve("data"))) {
            EmbeddedPostgres.start(directory).close();
            directory.markComplete();
        }
    }

    @BeforeEach
    void copyData() throws Exception {
        data = temporary.resolve("data");
        Process copy = new ProcessBuilder("cp", "-a", once.resolve("data").toString(), data.toString())
                .inheritIO()
                .start();
        assertEquals(0, copy.waitFor());
    }

    @AfterEach
    void leaveNothingRunning() {
        postmaster().stop();
    }

    @Test
    void keepsEveryCommittedRowWhenTheApplicationIsKilled() throws Exception {
        for (int first = 1000; first <= 3000; first += 1000) {
            CommittingProcess process = CommittingProcess.start(data, first);
            int last = process.kill(process.committed(100));

            ProcessHandle leftBehind = postmaster().running().orElseThrow();
            assertKept(first, last);
            leftBehind.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void keepsEveryCommittedRowWhenTheDatabaseIsKilledToo() throws Exception {
        for (int first = 1000; first <= 3000; first += 1000) {
            CommittingProcess process = CommittingProcess.start(data, first);
            int known = process.committed(100);
            postmaster().running().orElseThrow().destroyForcibly();
            int last = process.kill(known);

            assertKept(first, last);
        }
    }

    @Test
    void isToldWhenTheDatabaseEndsAndStartsItAgainOnTheSamePort() throws Exception {
        try (DataDirectory directory = DataDirectory.open(data);
                EmbeddedPostgres server = EmbeddedPostgres.start(directory)) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            server.onEnd(() -> ended.complete(null));

            postmaster().running().orElseThrow().destroyForcibly();
            ended.get(30, TimeUnit.SECONDS);
            server.restart();

            server.connect("postgres").close();
        }
    }

    @Test
    void neverTouchesAProcessThatOnlyHasTheNumber() throws Exception {
        Process bystander = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(pidFile(), bystander.pid() + "\n" + data.resolve("postgres/data") + "\n");

            try (DataDirectory directory = DataDirectory.open(data);
                    EmbeddedPostgres server = EmbeddedPostgres.start(directory)) {
                server.connect("postgres").close();
            }

            assertTrue(bystander.isAlive());
        } finally {
            bystander.destroyForcibly();
        }
    }

    @Test
    void neverTouchesThePostgresOfAnotherDirectory() throws Exception {
        Path other = temporary.resolve("other");
        try (DataDirectory otherDirectory = DataDirectory.open(other);
                EmbeddedPostgres otherServer = EmbeddedPostgres.start(otherDirectory)) {
            Files.copy(other.resolve("postgres/data/postmaster.pid"), pidFile());

            try (DataDirectory directory = DataDirectory.open(data);
                    EmbeddedPostgres server = EmbeddedPostgres.start(directory)) {
                server.connect("postgres").close();
            }

            otherServer.connect("postgres").close();
        }
    }

    @Test
    void beginsAnewWhereTheFirstStartWasInterrupted() throws Exception {
        Path fresh = temporary.resolve("fresh");
        try (DataDirectory directory = DataDirectory.open(fresh)) {
            Path half = Files.createDirectories(directory.postgres().resolve("data"));
            Files.writeString(half.resolve("postgresql.conf"), "");
            Files.createDirectories(directory.postgres().resolve("binaries-new/bin"));

            try (EmbeddedPostgres server = EmbeddedPostgres.start(directory)) {
                server.connect("postgres").close();
            }
        }
    }

    @Test
    void saysWhatIsWrongWithDamagedData() throws IOException {
        Files.delete(data.resolve("postgres/data/global/pg_control"));

        String refusal = refusal();

        assertTrue(refusal.contains("does not start (PostgreSQL: "), refusal);
    }

    @Test
    void doesNotReplaceDataThatAreMissing() throws IOException {
        Files.move(data.resolve("postgres/data"), temporary.resolve("moved"));

        String refusal = refusal();

        assertTrue(refusal.contains("its database is missing"), refusal);
        assertFalse(Files.exists(data.resolve("postgres/data")));
        Files.move(temporary.resolve("moved"), data.resolve("postgres/data"));
    }

    @Test
    void refusesTheDataOfAnotherPostgres() throws IOException {
        Files.writeString(data.resolve("postgres/data/PG_VERSION"), "17\n");

        assertTrue(refusal().contains("is of PostgreSQL 17"));
    }

    private String refusal() {
        try (DataDirectory directory = DataDirectory.open(data)) {
            return assertThrows(CannotStart.class, () -> EmbeddedPostgres.start(directory))
                    .getMessage();
        }
    }

    /** After a new start. One row more may be there: committed, and killed before it could be said. */
    private void assertKept(int first, int last) throws SQLException {
        try (DataDirectory directory = DataDirectory.open(data);
                EmbeddedPostgres server = EmbeddedPostgres.start(directory);
                Connection session = server.connect("postgres");
                Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select count(*) filter (where id <= " + last + "), max(id) from kept where id >= " + first)) {
            rows.next();
            assertEquals(last - first + 1, rows.getInt(1));
            assertTrue(rows.getInt(2) <= last + 1);
        }
    }

    private Postmaster postmaster() {
        return new Postmaster(data.resolve("postgres/data"));
    }

    private Path pidFile() {
        return data.resolve("postgres/data/postmaster.pid");
    }
}
