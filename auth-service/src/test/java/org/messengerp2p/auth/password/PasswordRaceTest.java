package org.messengerp2p.auth.password;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.TestSecrets;

/** What comes between the check of a secret and what is done by it. Locks of the test bring about the order. */
@QuarkusTest
class PasswordRaceTest extends AuthServiceTest {
    private static final long GATE = 86_420;

    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    /** Each holds a connection of the service's pool of 16. */
    private static final int AT_ONCE = 12;

    private PasswordOwner owner;

    @BeforeEach
    void register() {
        owner = PasswordOwner.withCode(accounts);
    }

    /** All have proved the old password and wait to store; who comes later would be told that it is wrong. */
    @Test
    void letsOneOfManyChangesAtOnceWin() throws Exception {
        List<TestSecrets> wanted = IntStream.range(0, AT_ONCE)
                .mapToObj(i -> TestSecrets.withCode())
                .toList();
        List<Map<String, Object>> changes = wanted.stream().map(owner::change).toList();
        List<CompletableFuture<Answer>> calls;
        try (Connection holding = database.getConnection()) {
            holding.setAutoCommit(false);
            run(holding, "select 1 from account where account_id = '" + id() + "' for update");
            calls = changes.stream().map(change -> sent(owner.token(), change)).toList();
            untilWaiting(holding, AT_ONCE);

            holding.commit();
        }

        List<Answer> answers = all(calls.stream());
        List<Integer> winners = IntStream.range(0, AT_ONCE)
                .filter(i -> answers.get(i).status() == 200)
                .boxed()
                .toList();
        assertEquals(1, winners.size());
        assertEquals(
                AT_ONCE - 1,
                answers.stream()
                        .filter(answer -> answer.problem().equals("vault-version"))
                        .count());
        int winner = winners.get(0);
        for (int i = 0; i < wanted.size(); i++) {
            assertEquals(i == winner ? 200 : 401, owner.login(wanted.get(i)).status());
            assertEquals(i == winner ? 200 : 401, owner.recover(wanted.get(i)).status());
        }
        assertEquals("credentials-wrong", owner.login(owner.secrets()).problem());
        Answer vault = rest.get(AUTH + "/vault", owner.token());
        assertEquals(changes.get(winner).get("vault"), vault.text("vault"));
    }

    @Test
    void answersOneRequestThatComesManyTimesAtOnceAlike() {
        Map<String, Object> change = owner.change(TestSecrets.withCode());

        List<Answer> answers = all(IntStream.range(0, 12).mapToObj(i -> sent(owner.token(), change)));

        for (Answer answer : answers) {
            assertEquals(200, answer.status(), answer.body().toString());
            assertEquals(3, answer.body().path("vault_version").asInt());
        }
    }

    @Test
    void leavesNoSignInByWhatWasReplacedAmongMany() {
        TestSecrets old = owner.secrets();
        TestSecrets next = TestSecrets.withCode();
        List<CompletableFuture<Answer>> signIns = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            signIns.add(loginSent(old));
            signIns.add(recoverySent(old));
        }

        Answer changed = sent(owner.token(), owner.change(next)).join();

        assertEquals(200, changed.status(), changed.body().toString());
        for (Answer signIn : all(signIns.stream())) {
            if (signIn.status() == 200) {
                assertEquals(401, vaultStatus(signIn));
            } else {
                assertEquals("credentials-wrong", signIn.problem());
            }
        }
        assertEquals("credentials-wrong", owner.login(old).problem());
        assertEquals("credentials-wrong", owner.recover(old).problem());
        assertEquals(200, owner.login(next).status());
    }

    @Test
    void refusesASignInThatAChangeHasOvertaken() throws Exception {
        TestSecrets old = owner.secrets();
        try (Connection changing = database.getConnection()) {
            changing.setAutoCommit(false);
            run(changing, "update credential set verifier = sha256('another') where account_id = '" + id() + "'");
            CompletableFuture<Answer> byPassword = loginSent(old);
            CompletableFuture<Answer> byCode = recoverySent(old);
            untilWaiting(changing, 2);

            changing.commit();

            assertEquals("credentials-wrong", byPassword.join().problem());
            assertEquals("credentials-wrong", byCode.join().problem());
            assertEquals(0, count(changing, "select count(*) from pending_token where account_id = '" + id() + "'"));
        }
    }

    @Test
    void endsASignInThatWasAlmostStored() throws Exception {
        TestSecrets next = TestSecrets.withCode();
        try (Connection gate = database.getConnection()) {
            closeGate(
                    gate, "create constraint trigger gate after insert on pending_token deferrable initially deferred");
            CompletableFuture<Answer> signIn = loginSent(owner.secrets());
            untilWaiting(gate, 1);
            CompletableFuture<Answer> changed = sent(owner.token(), owner.change(next));
            untilWaiting(gate, 2);

            gate.commit();

            assertEquals(200, signIn.join().status());
            assertEquals(200, changed.join().status());
            assertEquals(401, vaultStatus(signIn.join()));
        } finally {
            openGate();
        }
    }

    @Test
    void addsNoDeviceByASignInThatAChangeHasEnded() throws Exception {
        TestAccount account = owner.account();
        TestDevice second = account.newDevice();
        byte[] list = account.listAfter(account.firstList(), account.device(), second);
        String pending = owner.login(owner.secrets()).text("pending_token");
        try (Connection holding = database.getConnection()) {
            holding.setAutoCommit(false);
            run(holding, "select 1 from account where account_id = '" + id() + "' for update");
            CompletableFuture<Answer> changed = sent(owner.token(), owner.change(TestSecrets.withCode()));
            untilWaiting(holding, 1);
            CompletableFuture<Answer> added =
                    CompletableFuture.supplyAsync(() -> accounts.putDevices(pending, list, second.prekeys(0, 0)));
            untilWaiting(holding, 2);

            holding.commit();

            assertEquals(200, changed.join().status());
            assertEquals("token-invalid", added.join().problem());
            assertEquals("challenge-invalid", accounts.refresh(second).problem());
        }
    }

    @Test
    void refusesADeviceThatWasRemovedMeanwhile() throws Exception {
        assertOvertaken(
                owner.token(),
                owner.secrets().proofByPassword(),
                "update device set removed_in = 2 where account_id = '" + id() + "'",
                "device-revoked");
    }

    @Test
    void refusesARecoveryThatWasEndedMeanwhile() throws Exception {
        assertOvertaken(
                owner.recover(owner.secrets()).text("pending_token"),
                owner.secrets().proofByCode(),
                "delete from pending_token where account_id = '" + id() + "'",
                "token-invalid");
    }

    @Test
    void refusesAProofThatIsRightNoMore() throws Exception {
        assertOvertaken(
                owner.token(),
                owner.secrets().proofByPassword(),
                "update credential set verifier = sha256('another') where account_id = '" + id() + "'",
                "credentials-wrong");
    }

    /** Holds the account while a change is under way, does something else to it, and lets go. */
    private void assertOvertaken(String token, Map<String, Object> proof, String other, String problem)
            throws Exception {
        try (Connection holding = database.getConnection()) {
            holding.setAutoCommit(false);
            run(holding, "select 1 from account where account_id = '" + id() + "' for update");
            CompletableFuture<Answer> change = sent(token, owner.change(proof, TestSecrets.withCode()));
            untilWaiting(holding, 1);

            run(holding, other);
            holding.commit();

            assertEquals(problem, change.join().problem());
            assertEquals(
                    1,
                    count(
                            holding,
                            "select count(*) from vault where vault_version = 2 and account_id = '" + id() + "'"));
        }
    }

    /** Whoever fires the trigger waits until the connection's transaction ends. */
    private void closeGate(Connection gate, String trigger) throws SQLException {
        run(
                gate,
                "create function gate() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock("
                        + GATE + "); return new; end $$");
        run(gate, trigger + " for each row when (new.account_id = '" + id() + "') execute function gate()");
        gate.setAutoCommit(false);
        run(gate, "select pg_advisory_xact_lock(" + GATE + ")");
    }

    private void openGate() throws SQLException {
        try (Connection connection = database.getConnection()) {
            run(connection, "drop function if exists gate() cascade");
        }
    }

    private static void untilWaiting(Connection watching, int backends) throws Exception {
        Eventually.isTrue(backends + " wait for a lock", () -> {
            try {
                return count(
                                watching,
                                "select count(*) from pg_stat_activity"
                                        + " where wait_event_type = 'Lock' and datname = current_database()")
                        == backends;
            } catch (SQLException failure) {
                throw new AssertionError(failure);
            }
        });
    }

    private CompletableFuture<Answer> sent(String token, Map<String, Object> change) {
        return rest.call("PUT", AUTH + "/password", token, change);
    }

    private CompletableFuture<Answer> loginSent(TestSecrets by) {
        return rest.call(
                "POST",
                AUTH + "/login",
                null,
                Map.of(
                        "username", owner.name(),
                        "auth_secret", by.proofByPassword().get("auth_secret")));
    }

    private CompletableFuture<Answer> recoverySent(TestSecrets by) {
        return rest.call(
                "POST",
                AUTH + "/recover",
                null,
                Map.of("username", owner.name(), "rec_auth", by.proofByCode().get("rec_auth")));
    }

    private int vaultStatus(Answer signIn) {
        return rest.get(AUTH + "/vault", signIn.text("pending_token")).status();
    }

    private String id() {
        return owner.account().id().value().toString();
    }

    private static List<Answer> all(Stream<CompletableFuture<Answer>> calls) {
        return calls.toList().stream().map(CompletableFuture::join).toList();
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
