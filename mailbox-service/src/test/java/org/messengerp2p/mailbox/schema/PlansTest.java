package org.messengerp2p.mailbox.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messengerp2p.mailbox.MailboxTest;

/** The plans that the service's connections keep: each statement finds its rows by a key, however many there are. */
@QuarkusTest
@Tag("one-node")
class PlansTest extends MailboxTest {

    /** A command counts what a key has sealed, and must look at every row. */
    private static final String READS_ALL = "SealedRows";

    /** As MailboxPool sets them. */
    private static final List<String> PLANNED_ONCE = List.of(
            "set plan_cache_mode = force_generic_plan",
            "set enable_seqscan = off",
            "set enable_mergejoin = off",
            "set jit = off");

    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    @Inject
    @io.quarkus.agroal.DataSource("mailbox")
    javax.sql.DataSource database;

    @Test
    void noStatementReadsAWholeTable() throws SQLException {
        List<String> whole = new ArrayList<>();
        int planned = 0;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String setting : PLANNED_ONCE) {
                statement.execute(setting);
            }
            for (ServiceStatements.Statement each : ServiceStatements.all()) {
                if (!each.in().equals(READS_ALL)) {
                    planned++;
                    plan(statement, each.sql()).stream()
                            .filter(line -> line.contains("Seq Scan on"))
                            .forEach(line -> whole.add(each.in() + ":" + line));
                }
            }
            statement.execute("reset all");
        }
        assertEquals(List.of(), whole);
        assertTrue(planned > 15, planned + " statements");
    }

    private static List<String> plan(Statement statement, String sql) throws SQLException {
        int parameters = PARAMETER
                .matcher(sql)
                .results()
                .mapToInt(parameter -> Integer.parseInt(parameter.group(1)))
                .max()
                .orElse(0);
        String values = parameters == 0 ? "" : "(" + String.join(", ", Collections.nCopies(parameters, "null")) + ")";
        List<String> lines = new ArrayList<>();
        statement.execute("prepare planned as " + sql);
        try (ResultSet rows = statement.executeQuery("explain execute planned" + values)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        statement.execute("deallocate planned");
        return lines;
    }
}
