package org.messengerp2p.standalone.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.standalone.data.DataDirectory;

class EmbeddedPostgresTest {

    @TempDir
    static Path temporary;

    private static DataDirectory directory;
    private static EmbeddedPostgres server;
    private static Map<String, String> settings;

    @BeforeAll
    static void start() {
        directory = DataDirectory.open(temporary.resolve("data"));
        server = EmbeddedPostgres.start(directory);
        settings = ServiceDatabases.provide(server, directory.secrets());
    }

    @AfterAll
    static void stop() {
        server.close();
        directory.close();
    }

    @Test
    void writesEveryCommitToDiskBeforeItIsAcknowledged() throws SQLException {
        try (Connection session = server.connect("postgres")) {
            assertEquals("on", show(session, "fsync"));
            assertEquals("on", show(session, "synchronous_commit"));
            assertEquals("on", show(session, "full_page_writes"));
            assertEquals("on", show(session, "data_checksums"));
        }
    }

    @Test
    void takesUpTheSpaceOfDeletedRowsSoon() throws SQLException {
        try (Connection session = server.connect("postgres")) {
            assertEquals("on", show(session, "autovacuum"));
            assertEquals("5s", show(session, "autovacuum_naptime"));
        }
    }

    @Test
    void listensOnThisMachineOnlyAndOnNoSocketFile() throws SQLException {
        try (Connection session = server.connect("postgres")) {
            assertEquals("127.0.0.1", show(session, "listen_addresses"));
            assertEquals("", show(session, "unix_socket_directories"));
        }
    }

    @Test
    void trustsNobody() throws IOException {
        String rules = Files.readString(directory.postgres().resolve("data/pg_hba.conf"));

        assertFalse(rules.contains("trust"), rules);
        assertThrows(SQLException.class, () -> login("postgres", "postgres", "postgres"));
        assertThrows(SQLException.class, () -> login("auth", "auth", ""));
    }

    @Test
    void givesEachServiceItsOwnDatabaseOnly() throws SQLException {
        for (String name : ServiceDatabases.NAMES) {
            try (Connection session = login(name, name, password(name));
                    Statement statement = session.createStatement()) {
                statement.execute("create table proof (id int)");
                statement.execute("drop table proof");
                assertThrows(SQLException.class, () -> statement.execute("create role another"));
                assertThrows(SQLException.class, () -> statement.execute("create database another"));
                assertThrows(SQLException.class, () -> statement.execute("copy (select 1) to '/tmp/never'"));
            }
        }
        assertThrows(SQLException.class, () -> login("mailbox", "auth", password("auth")));
        assertThrows(SQLException.class, () -> login("auth", "mailbox", password("mailbox")));
    }

    @Test
    void canBeProvidedAgain() throws SQLException {
        Map<String, String> again = ServiceDatabases.provide(server, directory.secrets());

        assertEquals(settings, again);
        login("auth", "auth", password("auth")).close();
    }

    @Test
    void logsNoValueOfAFailingStatement() throws Exception {
        try (Connection session = server.connect("postgres");
                Statement statement = session.createStatement()) {
            statement.execute("create table once (name text primary key)");
            statement.execute("insert into once values ('needle-in-the-log')");
            assertThrows(SQLException.class, () -> statement.execute("insert into once values ('needle-in-the-log')"));
        }

        String log = Files.readString(directory.log().resolve("postgresql.log"));
        assertTrue(log.contains("duplicate key"), log);
        assertFalse(log.contains("needle-in-the-log"), log);
    }

    private static Connection login(String database, String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database, user, password);
    }

    private static String password(String service) {
        return settings.get("quarkus.datasource." + service + ".password");
    }

    private static String show(Connection session, String name) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet result = statement.executeQuery("show " + name)) {
            result.next();
            return result.getString(1);
        }
    }
}
