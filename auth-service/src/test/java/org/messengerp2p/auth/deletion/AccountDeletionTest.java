package org.messengerp2p.auth.deletion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.MailboxProbe;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.bus.Subscription;
import org.messengerp2p.kit.bus.Topic;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.InternalSecretResource;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class AccountDeletionTest extends AuthServiceTest {
    private static final String DELETE = AUTH + "/accounts/me/delete";

    @Inject
    DeviceBus bus;

    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    private AccountRows rows;
    private SignedIn person;
    private TestAccount account;
    private String token;

    @BeforeEach
    void register() {
        rows = new AccountRows(database);
        person = accounts.newcomer();
        account = person.account();
        token = person.tokens().auth();
    }

    @Test
    void leavesNothingButWhatLiveTokensNeed() throws SQLException {
        giveEverything();
        assertEquals(
                Set.of(
                        "account",
                        "credential",
                        "device",
                        "device_list",
                        "pending_token",
                        "prekey",
                        "retired_prekey",
                        "vault"),
                rows.of(account.id()).keySet());

        assertEquals(204, delete().status());

        assertEquals(Set.of("revoked_device"), rows.of(account.id()).keySet());
        assertEquals(2, rows.of(account.id()).get("revoked_device").size());
    }

    @Test
    void knowsTheAccountNoMore() {
        SignedIn other = accounts.newcomer();
        String others = other.tokens().auth();
        Answer parameters = rest.get(AUTH + "/login/parameters?username=" + account.username(), null);
        delete();

        assertEquals(
                "not-found",
                rest.get(AUTH + "/usernames/" + account.username(), others).problem());
        assertEquals("not-found", rest.get(lists(account), others).problem());
        assertEquals(
                "not-found",
                rest.get(KEYS + "/accounts/" + account.id().base64url() + "/bundle", others)
                        .problem());
        assertEquals(
                "credentials-wrong",
                accounts.login(account.username(), account.authSecret()).problem());
        assertEquals("challenge-invalid", accounts.refresh(account.device()).problem());
        assertEquals(
                parameters.body(),
                rest.get(AUTH + "/login/parameters?username=" + account.username(), null)
                        .body());
    }

    @Test
    void endsEveryTokenOfTheAccountAtOnce() {
        TestDevice second = addDevice();
        String itsToken = accounts.tokens(second).auth();
        String pending = accounts.pendingToken(account);

        assertEquals(204, delete().status());

        for (String ended : List.of(token, itsToken)) {
            assertEquals("token-invalid", rest.get(AUTH + "/vault", ended).problem());
            assertEquals(
                    "token-invalid", rest.get(KEYS + "/prekeys/digest", ended).problem());
        }
        assertEquals("token-invalid", rest.get(AUTH + "/vault", pending).problem());
        // Also a repeat of the request: it was done, and there is nobody to tell.
        assertEquals("token-invalid", delete().problem());
    }

    @Test
    void leavesOtherAccountsAlone() throws SQLException {
        SignedIn other = accounts.newcomer();
        rest.get(
                KEYS + "/accounts/" + account.id().base64url() + "/bundle",
                other.tokens().auth());
        Map<String, List<String>> before = rows.of(other.account().id());

        delete();

        assertEquals(before, rows.of(other.account().id()));
        assertEquals(200, rest.get(AUTH + "/vault", other.tokens().auth()).status());
    }

    @Test
    void holdsTheNameBack() {
        Map<String, Object> first = account.registration(accounts.serverSalt(account.username()));
        TestAccount another = TestAccount.named(account.username());
        TestAccount alike = TestAccount.named(account.username().replace("user-", "u.s.e.r"));
        delete();

        assertEquals(
                "username-taken", rest.post(AUTH + "/accounts", null, first).problem());
        for (TestAccount newcomer : List.of(another, alike)) {
            Map<String, Object> body = newcomer.registration(accounts.serverSalt(newcomer.username()));
            assertEquals(
                    "username-taken", rest.post(AUTH + "/accounts", null, body).problem());
        }
    }

    /** Two accounts that were alike before names were compared: the one that is left keeps newcomers off. */
    @Test
    void handsTheGuardOfTheNameOn() throws SQLException {
        String alike = account.username().replace("user-", "u.s.e.r");
        rows.update("insert into account (account_id, username, aik, list_version, registration_hash, created_at,"
                + " shares_skeleton) select gen_random_uuid(), '" + alike + "', aik, 1, registration_hash, now(), true"
                + " from account where account_id = '" + account.id().value() + "'");

        assertEquals(204, delete().status());

        assertEquals(List.of("f"), rows.texts("select shares_skeleton from account where username = '" + alike + "'"));
    }

    @Test
    void wantsThePasswordAndATokenOfADevice() throws SQLException {
        byte[] wrong = account.authSecret();
        wrong[0] ^= 1;
        String pending = accounts.pendingToken(account);

        Answer refused = accounts.deleteAccount(token, wrong);

        assertEquals(401, refused.status());
        assertEquals("credentials-wrong", refused.problem());
        assertEquals(
                "pending-token",
                accounts.deleteAccount(pending, account.authSecret()).problem());
        assertEquals(401, accounts.deleteAccount(null, account.authSecret()).status());
        for (String body :
                List.of("{}", "{\"proof\":{}}", "{\"proof\":null}", "{\"proof\":{\"auth_secret\":\"AA\"}}")) {
            assertEquals("malformed", rest.post(DELETE, token, body).problem(), body);
        }
        assertEquals(
                "credentials-wrong",
                accounts.deleteAccount(token, accounts.newcomer().account().authSecret())
                        .problem());
        assertTrue(rows.of(account.id()).containsKey("account"));
    }

    @Test
    void tellsMailboxServiceAndForgetsThatItDid() throws Exception {
        assertEquals("PUT", MailboxProbe.next(account.id()).method());

        delete();

        MailboxProbe.Notice told = MailboxProbe.next(account.id());
        assertEquals("DELETE", told.method());
        assertEquals("Bearer " + InternalSecretResource.SECRET, told.authorization());
        assertNull(rows.of(account.id()).get("directory_outbox"));
    }

    @Test
    void triesUntilMailboxServiceHasAccepted() throws Exception {
        MailboxProbe.next(account.id());
        MailboxProbe.refuse(true);
        try {
            assertEquals(204, delete().status());
            assertEquals("DELETE", MailboxProbe.next(account.id()).method());
            assertEquals(1, rows.of(account.id()).get("directory_outbox").size());
        } finally {
            MailboxProbe.refuse(false);
        }

        assertEquals("DELETE", MailboxProbe.next(account.id()).method());
        Eventually.isTrue("the outbox is empty", () -> !tablesOfTheAccount().contains("directory_outbox"));
    }

    @Test
    void tellsTheEndInPlaceOfAListThatWaits() throws Exception {
        MailboxProbe.next(account.id());
        MailboxProbe.refuse(true);
        try {
            addDevice();
            assertEquals("PUT", MailboxProbe.next(account.id()).method());
            delete();
        } finally {
            MailboxProbe.refuse(false);
        }

        // The list may have been tried again before; never after.
        MailboxProbe.Notice told = MailboxProbe.next(account.id());
        while (told.method().equals("PUT")) {
            told = MailboxProbe.next(account.id());
        }
        Eventually.isTrue("the outbox is empty", () -> !tablesOfTheAccount().contains("directory_outbox"));
        assertTrue(MailboxProbe.rest(account.id()).stream()
                .allMatch(notice -> notice.method().equals("DELETE")));
    }

    @Test
    void endsWhatItsDevicesHoldOpen() throws Exception {
        TestDevice second = addDevice();
        CountDownLatch told = new CountDownLatch(2);
        List<Subscription> subscriptions = Stream.of(account.device(), second)
                .map(device -> heard(device, told))
                .toList();

        delete();

        assertTrue(told.await(20, TimeUnit.SECONDS));
        subscriptions.forEach(Subscription::end);
    }

    @Test
    void isDoneOnceOfManyAtOnce() throws SQLException {
        List<Answer> answers = Stream.generate(
                        () -> rest.call("POST", DELETE, token, AccountClient.proof(account.authSecret())))
                .limit(6)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertTrue(answers.stream().anyMatch(answer -> answer.status() == 204));
        assertTrue(answers.stream()
                .allMatch(answer ->
                        answer.status() == 204 || answer.problem().matches("token-invalid|credentials-wrong")));
        assertEquals(1, rows.of(account.id()).get("revoked_device").size());
    }

    private Answer delete() {
        return accounts.deleteAccount(token, account.authSecret());
    }

    private void giveEverything() {
        SignedIn other = accounts.newcomer();
        rest.get(
                KEYS + "/accounts/" + account.id().base64url() + "/bundle",
                other.tokens().auth());
        TestDevice second = addDevice();
        accounts.challenge(second);
        accounts.pendingToken(account);
        rest.put(
                AUTH + "/vault",
                token,
                Map.of(
                        "vault",
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(account.vault(accounts.serverSalt(account.username()), 2))));
    }

    private TestDevice addDevice() {
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        assertEquals(
                200,
                accounts.putDevices(accounts.pendingToken(account), two, second.prekeys(2, 2))
                        .status());
        return second;
    }

    private Set<String> tablesOfTheAccount() {
        try {
            return rows.of(account.id()).keySet();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Subscription heard(TestDevice device, CountDownLatch told) {
        return bus.subscribe(Topic.of(device.device()), event -> {
            if (event instanceof BusEvent.Revoked) {
                told.countDown();
            }
        });
    }

    private static String lists(TestAccount account) {
        return AUTH + "/accounts/" + account.id().base64url() + "/dlc";
    }
}
