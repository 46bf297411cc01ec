package org.messengerp2p.standalone.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.messengerp2p.standalone.FirstJourney;
import org.messengerp2p.testkit.Readiness;

/**
 * Guards what breaks in silence when services share a process (a missing index, one jar's settings hiding another's):
 * each service's tables and socket are used.
 */
@QuarkusTest
@WithTestResource(StandaloneResource.class)
class StandaloneTest {

    @TestHTTPResource("/")
    URI root;

    @Inject
    SmallRyeHealthReporter health;

    @Inject
    @DataSource("auth")
    AgroalDataSource auth;

    @Inject
    @DataSource("mailbox")
    AgroalDataSource mailbox;

    @ConfigProperty(name = "quarkus.log.file.path")
    Path log;

    @ConfigProperty(name = "quarkus.vertx.event-loops-pool-size")
    OptionalInt eventLoops;

    @Test
    void hasAsManyEventLoopsAsQuarkusGivesAndNotTheOneOfSignalingService() {
        assertEquals(OptionalInt.empty(), eventLoops);
    }

    @Test
    void runsTheFirstJourney() throws InterruptedException {
        Readiness.await(health);

        new FirstJourney(root, root, root).run();
    }

    @Test
    void migratesEachDatabaseByItsOwnServiceOnly() throws SQLException {
        List<String> authTables = tables(auth);
        List<String> mailboxTables = tables(mailbox);

        assertTrue(authTables.contains("flyway_schema_history"), authTables::toString);
        assertTrue(mailboxTables.contains("flyway_schema_history"), mailboxTables::toString);
        authTables.retainAll(mailboxTables);
        assertEquals(List.of("flyway_schema_history"), authTables);
    }

    @Test
    void isReadyByTheChecksOfEveryService() throws InterruptedException {
        String checks = Readiness.await(health).getPayload().toString();

        assertTrue(checks.contains("token keys"), checks);
        assertTrue(checks.contains("\"auth\":\"UP\"") && checks.contains("\"mailbox\":\"UP\""), checks);
    }

    @Test
    void knowsEverySettingThatItIsGiven() throws IOException {
        String logged = Files.readString(log);

        assertTrue(logged.contains("Installed features"), "the log is that of this start");
        assertFalse(logged.contains("Unrecognized configuration key"), logged);
    }

    private static List<String> tables(AgroalDataSource database) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection session = database.getConnection();
                Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select table_name from information_schema.tables where table_schema = 'public'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
