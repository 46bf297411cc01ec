package org.messengerp2p.mailbox.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.mailbox.schema.ServiceStatements.Statement;

/**
 * Every statement carries the recipient, so that tables spread by account take it unchanged (docs/adr/0033). What a
 * statement does for many accounts joins each table by account; a lock it can take for one account only.
 */
@QuarkusTest
@Tag("one-node")
class StatementRulesTest extends MailboxTest {

    /** What looks at all accounts, by the class that holds it and its table, and why it may. */
    private static final Map<String, String> LOOKS_AT_ALL = Map.of(
            "ExpiredEnvelopes mailbox", "walks the mailboxes in the order of their key, a page at a time",
            "OldSeals archive_segment", "a command's walk in the order of the key, a page at a time",
            "OldSeals archive_manifest", "likewise",
            "SealedRows envelope", "a command's count of what a key has sealed",
            "SealedRows archive_segment", "likewise",
            "SealedRows archive_manifest", "likewise");

    private static final Set<String> NOT_AN_ALIAS = Set.of(
            "where",
            "on",
            "set",
            "using",
            "join",
            "left",
            "right",
            "full",
            "cross",
            "inner",
            "natural",
            "order",
            "group",
            "limit",
            "for",
            "returning",
            "values",
            "select",
            "default",
            "union",
            "window",
            "having");

    private Set<String> tables;

    @BeforeEach
    void readTables() {
        tables = column("select tablename from pg_tables where schemaname = 'public'").stream()
                .map(name -> new String(name, StandardCharsets.US_ASCII))
                .filter(name -> !name.equals("flyway_schema_history"))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Test
    void findsTheStatements() {
        String found = ServiceStatements.all().toString();

        assertTrue(found.contains("insert into envelope"));
        assertTrue(found.contains("delete from envelope"));
        tables.forEach(table -> assertTrue(found.contains(table), table + " is used by some statement"));
    }

    @Test
    void eachTableIsReachedByTheAccount() {
        List<String> without = new ArrayList<>();
        for (Statement statement : ServiceStatements.all()) {
            for (String query : SelectGroups.of(lower(statement.sql()))) {
                tables.stream()
                        .filter(table -> !SchemaRulesTest.ON_EVERY_NODE.containsKey(table))
                        .filter(table -> !LOOKS_AT_ALL.containsKey(statement.in() + " " + table))
                        .filter(table -> reachedWithoutAccount(table, query))
                        .forEach(table -> without.add(statement.in() + ", " + table + ": " + query.strip()));
            }
        }
        assertEquals(List.of(), without);
    }

    @Test
    void seesWhereTheAccountIsLeftOut() {
        assertTrue(reachedWithoutAccount("mailbox", "select from mailbox m where m.device = $1"));
        assertTrue(reachedWithoutAccount("mailbox", "select from item i join mailbox m on m.device = i.device"));
        assertTrue(reachedWithoutAccount("mailbox", "insert into mailbox (device) values ($1)"));
        assertTrue(reachedWithoutAccount("mailbox", "delete from mailbox where device = $1"));
        assertTrue(reachedWithoutAccount("mailbox", "update mailbox as m set account = $1 where m.device = $2"));
        assertFalse(reachedWithoutAccount("mailbox", "select from item i join mailbox m on m.account = i.account"));
        assertFalse(reachedWithoutAccount("mailbox", "update mailbox m set waiting = 0 where m.account = any ($1)"));
        assertFalse(reachedWithoutAccount("mailbox", "insert into mailbox as m (account) select $1"));
    }

    @Test
    void rowsAreLockedBySelectForOneAccountOnly() {
        for (Statement statement : ServiceStatements.all()) {
            for (String query : SelectGroups.of(lower(statement.sql()))) {
                if (query.matches("(?s).*\\sfor (no key update|update|share|key share)\\b.*")) {
                    assertTrue(query.matches("(?s).*\\baccount\\s*=\\s*\\$\\d+\\b.*"), statement.in() + ": " + query);
                }
            }
        }
    }

    @Test
    void nothingIsUsedThatSpreadTablesLack() {
        for (Statement statement : ServiceStatements.all()) {
            String sql = lower(statement.sql());
            for (String lacking : List.of(
                    "ctid",
                    "notify",
                    "listen",
                    "nextval",
                    "currval",
                    "skip locked",
                    "merge into",
                    "lock table",
                    "truncate",
                    "pg_advisory")) {
                assertFalse(
                        Pattern.compile("\\b" + lacking + "\\b").matcher(sql).find(), lacking + " in " + statement);
            }
        }
    }

    private static boolean reachedWithoutAccount(String table, String query) {
        Matcher use = Pattern.compile("\\b(from|join|update|into|using|,)\\s+(?:only\\s+)?" + table
                        + "\\b(?:\\s+(?:as\\s+)?([a-z_]\\w*))?")
                .matcher(query);
        while (use.find()) {
            String alias = use.group(2) == null || NOT_AN_ALIAS.contains(use.group(2)) ? table : use.group(2);
            boolean carried = use.group(1).equals("into")
                    ? query.substring(use.end()).matches("(?s)\\s*\\([^)]*\\baccount\\b[^)]*\\).*")
                    : isEqualToSomething(alias.equals(table) ? "(?:" + table + "\\.)?" : alias + "\\.", query);
            if (!carried) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEqualToSomething(String qualifier, String query) {
        String account = qualifier + "account\\b";
        String conditions = query.replaceAll("(?s)\\bset\\b.*?(?=\\b(from|where)\\b|$)", " ");
        return Pattern.compile("\\b" + account + "\\s*=|=\\s*" + account)
                .matcher(conditions)
                .find();
    }

    private static String lower(String sql) {
        return sql.toLowerCase(Locale.ROOT);
    }
}
