package org.messengerp2p.auth.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.TightLimits;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

@QuarkusTest
@TestProfile(TightLimits.class)
class LimitsTest extends AuthServiceTest {
    @Test
    void pausesPasswordTriesForKnownAndUnknownNamesAlike() {
        TestAccount account = accounts.newcomer().account();
        byte[] wrong = account.authSecret();
        wrong[5] ^= 1;
        String unknown = TestAccount.anybody().username();

        for (int i = 0; i < 3; i++) {
            assertEquals(401, accounts.login(account.username(), wrong).status());
            assertEquals(401, accounts.login(unknown, wrong).status());
        }
        Answer known = accounts.login(account.username(), account.authSecret());
        Answer other = accounts.login(unknown, wrong);

        assertEquals(429, known.status());
        assertEquals("rate-limited", known.problem());
        assertEquals(known.body(), other.body());
        assertTrue(Integer.parseInt(known.header("Retry-After").orElseThrow()) > 800);
        assertEquals(200, accounts.refresh(account.device()).status(), "nobody can log a victim's devices out");
    }

    @Test
    void boundsGuessesWithTheTokenOfADeviceAlike() {
        SignedIn person = accounts.newcomer();
        byte[] wrong = person.account().authSecret();
        wrong[5] ^= 1;
        String token = person.tokens().auth();

        for (int i = 0; i < 3; i++) {
            assertEquals(
                    "credentials-wrong", accounts.deleteAccount(token, wrong).problem());
        }

        Answer right = accounts.deleteAccount(token, person.account().authSecret());
        assertEquals("rate-limited", right.problem());
        assertEquals(
                200,
                accounts.login(person.account().username(), person.account().authSecret())
                        .status(),
                "a sign-in counts by itself");
    }

    @Test
    void forgetsWrongTriesAfterARightOne() {
        TestAccount account = accounts.newcomer().account();
        byte[] wrong = account.authSecret();
        wrong[5] ^= 1;

        for (int round = 0; round < 3; round++) {
            accounts.login(account.username(), wrong);
            accounts.login(account.username(), wrong);
            assertEquals(
                    200,
                    accounts.login(account.username(), account.authSecret()).status());
        }
    }

    @Test
    void countsANameHoweverItIsWritten() {
        TestAccount account = accounts.newcomer().account();
        byte[] wrong = account.authSecret();
        wrong[5] ^= 1;

        accounts.login(account.username(), wrong);
        accounts.login(account.username().toUpperCase(Locale.ROOT), wrong);
        accounts.login(account.username().replace("user", "User"), wrong);

        assertEquals("rate-limited", accounts.login(account.username(), wrong).problem());
        assertEquals(
                "rate-limited",
                accounts.login(account.username().toUpperCase(Locale.ROOT), wrong)
                        .problem());
    }

    @Test
    void boundsLookupsOfNames() {
        SignedIn asking = accounts.newcomer();

        for (int i = 0; i < 4; i++) {
            assertEquals(404, name(asking).status());
        }

        assertEquals("rate-limited", name(asking).problem());
        assertEquals(404, name(accounts.newcomer()).status(), "another account has its own");
    }

    @Test
    void boundsBundlesByPairAndByRequester() {
        SignedIn asking = accounts.newcomer();
        TestAccount first = accounts.newcomer().account();

        assertEquals(200, bundle(asking, first).status());
        assertEquals(200, bundle(asking, first).status());
        assertEquals("rate-limited", bundle(asking, first).problem());
        assertEquals(200, bundle(asking, accounts.newcomer().account()).status());
        assertEquals(200, bundle(asking, accounts.newcomer().account()).status());
        assertEquals(200, bundle(asking, accounts.newcomer().account()).status());
        assertEquals(
                "rate-limited", bundle(asking, accounts.newcomer().account()).problem());
    }

    /** Every client of the server has to read the leaf that each list leaves behind, for ever. */
    @Test
    void boundsTheListsOfAnAccount() {
        SignedIn person = accounts.newcomer();
        TestAccount account = person.account();
        byte[] list = account.firstList();
        for (int i = 0; i < 3; i++) {
            list = account.listAfter(list, account.device());
            assertEquals(200, putList(person, list).status());
        }

        Answer fourth = putList(person, account.listAfter(list, account.device()));

        assertEquals(429, fourth.status());
        assertEquals("rate-limited", fourth.problem());
        assertEquals(200, putList(person, list).status(), "a repeat adds nothing");
        SignedIn other = accounts.newcomer();
        byte[] others = other.account()
                .listAfter(other.account().firstList(), other.account().device());
        assertEquals(200, putList(other, others).status(), "another account has its own");
    }

    /** Appended or replaced, each key leaves a row behind for two months. */
    @Test
    void boundsTheUploadsOfAnAccount() {
        SignedIn person = accounts.newcomer();

        assertEquals(200, upload(person, "POST").status());
        assertEquals(200, upload(person, "PUT").status());
        assertEquals("rate-limited", upload(person, "PUT").problem());
        assertEquals("rate-limited", upload(person, "POST").problem());
        assertEquals(200, upload(accounts.newcomer(), "PUT").status(), "another account has its own");
    }

    private Answer upload(SignedIn person, String method) {
        List<String> records = person.account().device().prekeys(1, 1).stream()
                .map(Base64.getUrlEncoder().withoutPadding()::encodeToString)
                .toList();
        return rest.call(method, KEYS + "/prekeys", person.tokens().auth(), Map.of("records", records))
                .join();
    }

    private Answer putList(SignedIn person, byte[] list) {
        return accounts.putDevices(person.tokens().auth(), list, null);
    }

    private Answer name(SignedIn asking) {
        return rest.get(AUTH + "/usernames/nobody", asking.tokens().auth());
    }

    private Answer bundle(SignedIn asking, TestAccount target) {
        return rest.get(
                KEYS + "/accounts/" + target.id().base64url() + "/bundle",
                asking.tokens().auth());
    }
}
