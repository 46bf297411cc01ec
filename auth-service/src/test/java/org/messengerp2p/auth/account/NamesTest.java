package org.messengerp2p.auth.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

/** Which names a newcomer may take. */
@QuarkusTest
class NamesTest extends AuthServiceTest {
    @Inject
    HeldBackNames heldBack;

    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    @Test
    void refusesANameThatLooksLikeATakenOne() {
        String tail = tail();
        assertEquals(201, register("marvin0" + tail).status());

        for (String alike : List.of("rnarvin0", "marvino", "marv1n0", "m.a-r_vin0", "r.narvlno")) {
            Answer refused = register(alike + tail);

            assertEquals(409, refused.status(), alike);
            assertEquals("username-taken", refused.problem(), alike);
        }
        assertEquals(201, register("marvim0" + tail).status());
    }

    @Test
    void findsAndSignsInByTheExactNameAlone() {
        SignedIn asking = accounts.newcomer();
        TestAccount account = TestAccount.named("w1lma" + tail());
        accounts.register(account);
        String alike = account.username().replace('1', 'i');

        assertEquals(404, lookup(asking, alike).status());
        assertEquals(200, lookup(asking, account.username()).status());
        assertEquals(
                "credentials-wrong", accounts.login(alike, account.authSecret()).problem());
    }

    @Test
    void givesNamesThatLookAlikeToOneOfManyAtOnce() {
        String tail = tail();
        List<String> alike = List.of("m0w", "rn0w", "mow", "m0vv", "rnovv", "m-o-w", "r.n.o.w", "m_0_v_v");

        List<Answer> answers = alike.stream()
                .map(start -> TestAccount.named(start + tail))
                .map(account -> rest.call(
                        "POST",
                        AUTH + "/accounts",
                        null,
                        account.registration(accounts.serverSalt(account.username()))))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertEquals(
                1, answers.stream().filter(answer -> answer.status() == 201).count());
        assertEquals(
                alike.size() - 1,
                answers.stream()
                        .filter(answer -> answer.problem().equals("username-taken"))
                        .count());
    }

    @Test
    void takesNamesOfSeparatorsForOne() {
        String name = "._-.".repeat(2);
        int status = register(name).status();

        assertTrue(status == 201 || status == 409, "another test may have it");
        assertEquals("username-taken", register("---").problem());
    }

    @Test
    void givesAHeldBackNameToNobodyForThirtyDays() throws Throwable {
        String tail = tail();
        hold("mona" + tail);

        assertEquals("username-taken", register("mona" + tail).problem());
        assertEquals("username-taken", register("rn0na" + tail).problem());
        age("30 days - 1 minute");
        VertxContextSupport.subscribeAndAwait(heldBack::forgetFree);
        assertEquals("username-taken", register("mona" + tail).problem());

        age("1 minute");
        assertEquals(201, register("mona" + tail).status());
        VertxContextSupport.subscribeAndAwait(heldBack::forgetFree);
        assertEquals(List.of("0"), column("select count(*) from held_back_name where free_at <= now()"));
    }

    @Test
    void doesNotSpellAHeldBackName() throws Throwable {
        String name = "mona" + tail();
        hold(name);

        String rows =
                String.join("\n", column("select name_key::text || encode(name_key, 'escape') from held_back_name"));

        assertFalse(rows.isEmpty());
        assertFalse(rows.contains(name) || rows.contains(NameSkeleton.of(name).value()));
    }

    @Test
    void foldsInTheDatabaseAsHere() throws SQLException {
        Set<String> names = new TreeSet<>();
        Random random = new Random(7);
        while (names.size() < 2000) {
            names.add(ConfusableNames.any(random));
        }
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "account", names);
            try (ResultSet rows = connection
                    .createStatement()
                    .executeQuery("select username, skeleton from account where username = any ('{"
                            + String.join(",", names) + "}')")) {
                int checked = 0;
                while (rows.next()) {
                    assertEquals(NameSkeleton.of(rows.getString(1)).value(), rows.getString(2), rows.getString(1));
                    checked++;
                }
                assertEquals(names.size(), checked);
            }
            connection.rollback();
        }
    }

    /** On the tables as they were before, in a schema of their own. */
    @Test
    void keepsAccountsThatWereAlikeBeforeTheRule() throws SQLException {
        upgrade("5").migrate();
        try (Connection connection = database.getConnection()) {
            insert(connection, "upgrade.account", List.of("marie", "rnarie", "m.arie", "vera"));
        }

        upgrade("8").migrate();

        assertEquals(
                List.of("marie false", "rnarie true", "m.arie true", "vera false"),
                column("select username || ' ' || shares_skeleton from upgrade.account order by created_at"));
        assertEquals(List.of("1"), column("""
                        with tried as (
                            insert into upgrade.account
                                (account_id, username, aik, list_version, registration_hash, created_at)
                            select gen_random_uuid(), 'mar1e', aik, 1, registration_hash, now()
                              from upgrade.account where username = 'vera'
                            on conflict do nothing
                            returning 1)
                        select 1 - count(*) from tried"""));
    }

    private Flyway upgrade(String version) {
        return Flyway.configure()
                .dataSource(database)
                .schemas("upgrade")
                .locations("db/auth")
                .target(version)
                .load();
    }

    private Answer register(String name) {
        TestAccount account = TestAccount.named(name);
        return rest.post(AUTH + "/accounts", null, account.registration(accounts.serverSalt(name)));
    }

    private Answer lookup(SignedIn asking, String name) {
        return rest.get(AUTH + "/usernames/" + name, asking.tokens().auth());
    }

    private void hold(String name) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(() -> heldBack.hold(new Username(name))));
    }

    /** Not by the clock: what is counted by it meanwhile would be of the future afterwards. */
    private void age(String by) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection
                    .createStatement()
                    .executeUpdate("update held_back_name set free_at = free_at - interval '" + by + "'");
        }
    }

    private List<String> column(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.getConnection();
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    /** One after the other; alike or not. */
    private static void insert(Connection connection, String table, Iterable<String> names) throws SQLException {
        boolean hasRule = !table.startsWith("upgrade");
        try (PreparedStatement insert = connection.prepareStatement("insert into " + table
                + " (account_id, username, aik, list_version, registration_hash, created_at"
                + (hasRule ? ", shares_skeleton" : "") + ")"
                + " values (?, ?, decode(repeat('00', 32), 'hex'), 1, decode(repeat('00', 32), 'hex'),"
                + " now() + ? * interval '1 second'" + (hasRule ? ", true" : "") + ")")) {
            int nth = 0;
            for (String name : names) {
                insert.setObject(1, UUID.randomUUID());
                insert.setString(2, name);
                insert.setInt(3, nth++);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Sets apart from other tests, without a letter that could be another. */
    private static String tail() {
        return UUID.randomUUID().toString().replaceAll("[^a-f2-9]", "").substring(0, 12);
    }
}
