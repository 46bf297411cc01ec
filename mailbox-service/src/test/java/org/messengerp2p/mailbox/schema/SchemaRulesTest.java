package org.messengerp2p.mailbox.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messengerp2p.mailbox.MailboxTest;

/**
 * The schema as the migrations leave it can be spread by account over the nodes of Citus, and by the application over
 * databases that know nothing of each other (docs/adr/0033). Asked of PostgreSQL's own catalog.
 */
@QuarkusTest
@Tag("one-node")
class SchemaRulesTest extends MailboxTest {

    /** Tables without an account, and why each may be whole on every node. */
    static final Map<String, String> ON_EVERY_NODE =
            Map.of("ended_account", "hashes, a few rows that live ten minutes, changed only when an account ends");

    private static final String OWN_TABLES = """
            select t.oid, t.relname
              from pg_class t
             where t.relnamespace = 'public'::regnamespace
               and t.relkind in ('r', 'p')
               and t.relname <> 'flyway_schema_history'
            """;

    @Test
    void everyKeyAndIndexBeginsWithTheAccount() {
        assertEquals(List.of(), without(List.copyOf(ON_EVERY_NODE.keySet()), names("""
                        select t.relname || ' ' || x.relname
                          from (%s) t
                          join pg_index i on i.indrelid = t.oid
                          join pg_class x on x.oid = i.indexrelid
                          left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
                         where a.attname is distinct from 'account'
                        """)));
    }

    @Test
    void everyTableHasAPrimaryKey() {
        assertEquals(List.of(), names("""
                        select t.relname
                          from (%s) t
                         where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)
                        """));
    }

    @Test
    void everyForeignKeyHoldsTheAccountOfBothTables() {
        assertEquals(List.of(), names("""
                        select c.conname
                          from (%s) t
                          join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
                         where not exists (
                               select from unnest(c.conkey, c.confkey) as k (here, there)
                                 join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.here
                                 join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.there
                                where a.attname = 'account' and b.attname = 'account')
                        """));
    }

    @Test
    void nothingRunsOrCountsInTheDatabase() {
        assertEquals(List.of(), names("""
                        select 'trigger ' || g.tgname from (%1$s) t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
                         union all
                        select 'rule ' || r.rulename from (%1$s) t join pg_rewrite r on r.ev_class = t.oid
                         union all
                        select 'identity ' || t.relname || ' ' || a.attname
                          from (%1$s) t join pg_attribute a on a.attrelid = t.oid and a.attidentity <> ''
                         union all
                        select 'exclusion ' || c.conname from (%1$s) t join pg_constraint c on c.conrelid = t.oid and c.contype = 'x'
                         union all
                        select 'policy ' || p.polname from (%1$s) t join pg_policy p on p.polrelid = t.oid
                         union all
                        select 'inherits ' || t.relname from (%1$s) t join pg_inherits i on i.inhrelid = t.oid
                         union all
                        select 'sequence, view or partition ' || s.relname
                          from pg_class s
                         where s.relnamespace = 'public'::regnamespace and s.relkind not in ('r', 'i')
                         union all
                        select 'function ' || f.proname from pg_proc f where f.pronamespace = 'public'::regnamespace
                         union all
                        select 'event trigger ' || e.evtname from pg_event_trigger e
                        """));
    }

    @Test
    void whatIsOnEveryNodeIsThere() {
        List<String> tables = names("select relname from (%s) t");
        ON_EVERY_NODE.keySet().forEach(name -> assertTrue(tables.contains(name), name));
    }

    private List<String> names(String query) {
        return column(query.formatted(OWN_TABLES)).stream()
                .map(name -> new String(name, StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> without(List<String> tables, List<String> found) {
        return found.stream()
                .filter(name -> !tables.contains(name.split(" ")[0]))
                .toList();
    }
}
