package org.messengerp2p.auth.deletion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/**
 * What arrives while an account is being deleted: each request is let in while the account is there, waits for a row of
 * it, and finds it gone. None is a defect, and none leaves anything behind.
 */
@QuarkusTest
class DeletionRaceTest extends AuthServiceTest {
    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    private AccountRows rows;
    private TestAccount account;
    private String token;

    @BeforeEach
    void register() {
        rows = new AccountRows(database);
        SignedIn person = accounts.newcomer();
        account = person.account();
        token = person.tokens().auth();
    }

    @Test
    void refusesAListOfADevice() throws Exception {
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);

        Answer late = during(() -> rest.call("PUT", AUTH + "/devices", token, Map.of("dlc", text(two))));

        assertEquals("token-invalid", late.problem(), late.body().toString());
    }

    @Test
    void refusesADeviceThatIsAdded() throws Exception {
        String pending = accounts.pendingToken(account);
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);

        Answer late = during(() -> rest.call(
                "PUT",
                AUTH + "/devices",
                pending,
                Map.of(
                        "dlc",
                        text(two),
                        "prekeys",
                        second.prekeys(1, 1).stream()
                                .map(DeletionRaceTest::text)
                                .toList())));

        assertEquals("token-invalid", late.problem(), late.body().toString());
    }

    @Test
    void refusesPrekeys() throws Exception {
        List<String> records = account.device().oneTimeKeys(2, 1).stream()
                .map(DeletionRaceTest::text)
                .toList();

        Answer late = during(() -> rest.call("POST", KEYS + "/prekeys", token, Map.of("records", records)));

        assertEquals("token-invalid", late.problem(), late.body().toString());
    }

    @Test
    void refusesAVault() throws Exception {
        String vault = text(account.vault(accounts.serverSalt(account.username()), 2));

        Answer late = during(() -> rest.call("PUT", AUTH + "/vault", token, Map.of("vault", vault)));

        assertEquals("token-invalid", late.problem(), late.body().toString());
    }

    @Test
    void refusesASignInWhosePasswordWasRight() throws Exception {
        Map<String, Object> right = Map.of("username", account.username(), "auth_secret", text(account.authSecret()));

        Answer late = during(() -> rest.call("POST", AUTH + "/login", null, right));

        assertEquals("credentials-wrong", late.problem(), late.body().toString());
    }

    @Test
    void givesTheNameToNobody() throws Exception {
        TestAccount alike = TestAccount.named(account.username().replace("user-", "u.s.e.r"));
        Map<String, Object> body = alike.registration(accounts.serverSalt(alike.username()));

        Answer late = during(() -> rest.call("POST", AUTH + "/accounts", null, body));

        assertEquals("username-taken", late.problem(), late.body().toString());
        assertTrue(rows.of(alike.id()).isEmpty());
    }

    @Test
    void handsOutNoKeyThatIsBeingDeleted() throws Exception {
        SignedIn asking = accounts.newcomer();
        try (Connection holder = holdTheVault()) {
            CompletableFuture<Answer> deletion = delete();
            Eventually.isTrue("the deletion waits", () -> rows.waiting() == 1);

            Answer bundle = inTime(rest.call(
                    "GET",
                    KEYS + "/accounts/" + account.id().base64url() + "/bundle",
                    asking.tokens().auth(),
                    null));

            assertEquals(200, bundle.status());
            assertFalse(bundle.body().at("/devices/0").has("opk"));
            holder.rollback();
            assertEquals(204, inTime(deletion).status());
        }
        assertNothingIsLeft();
    }

    /** Holds a row that goes late, so that the deletion stands in its middle while the other request comes. */
    private Answer during(Supplier<CompletableFuture<Answer>> other) throws Exception {
        Answer late;
        try (Connection holder = holdTheVault()) {
            CompletableFuture<Answer> deletion = delete();
            Eventually.isTrue("the deletion waits", () -> rows.waiting() == 1);
            CompletableFuture<Answer> answer = other.get();
            Eventually.isTrue("the other request waits too", () -> rows.waiting() == 2);

            holder.rollback();

            assertEquals(204, inTime(deletion).status());
            late = inTime(answer);
        }
        assertNothingIsLeft();
        return late;
    }

    private CompletableFuture<Answer> delete() {
        return rest.call("POST", AUTH + "/accounts/me/delete", token, AccountClient.proof(account.authSecret()));
    }

    private Connection holdTheVault() throws Exception {
        Connection holder = database.getConnection();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute(
                    "select 1 from vault where account_id = '" + account.id().value() + "' for update");
        }
        return holder;
    }

    /** What waits for itself would wait for ever. */
    private static Answer inTime(CompletableFuture<Answer> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    private void assertNothingIsLeft() throws Exception {
        assertEquals(Set.of("revoked_device"), rows.of(account.id()).keySet());
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
