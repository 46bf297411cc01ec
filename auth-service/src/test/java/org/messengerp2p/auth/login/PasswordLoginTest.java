package org.messengerp2p.auth.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

@QuarkusTest
class PasswordLoginTest extends AuthServiceTest {
    @Test
    void answersUnknownNamesLikeKnownOnes() {
        TestAccount known = accounts.newcomer().account();
        String unknown = TestAccount.anybody().username();

        Answer ofKnown = parameters(known.username());
        Answer ofUnknown = parameters(unknown);

        assertEquals(shape(ofKnown), shape(ofUnknown));
        assertEquals(
                ofKnown.response().headers().map().keySet(),
                ofUnknown.response().headers().map().keySet());
        assertEquals(16, ofUnknown.bytes("server_salt").length);
        assertEquals(ofUnknown.body(), parameters(unknown).body(), "the same each time");
        assertNotEquals(ofKnown.text("server_salt"), ofUnknown.text("server_salt"));
        assertEquals(65_536, ofUnknown.body().path("m_kib").asInt());
        assertEquals(3, ofUnknown.body().path("t").asInt());
        assertEquals(1, ofUnknown.body().path("p").asInt());
        assertEquals(1, ofUnknown.body().path("auth_version").asInt());
    }

    @Test
    void keepsTheSaltWhenTheNameBecomesAnAccount() {
        TestAccount account = TestAccount.anybody();
        Answer before = parameters(account.username());

        accounts.register(account);

        assertEquals(before.body(), parameters(account.username()).body());
    }

    @Test
    void refusesAWrongSecretAndAnUnknownNameAlike() {
        TestAccount account = accounts.newcomer().account();
        byte[] wrong = account.authSecret();
        wrong[0] ^= 1;

        Answer wrongSecret = accounts.login(account.username(), wrong);
        Answer unknownName = accounts.login(TestAccount.anybody().username(), account.authSecret());

        assertEquals(401, wrongSecret.status());
        assertEquals("credentials-wrong", wrongSecret.problem());
        assertEquals(wrongSecret.body(), unknownName.body());
        assertEquals(wrongSecret.status(), unknownName.status());
    }

    @Test
    void givesAPendingTokenThatOpensVaultAndOwnListsOnly() {
        TestAccount account = accounts.newcomer().account();
        TestAccount other = accounts.newcomer().account();

        Answer answer = accounts.login(account.username(), account.authSecret());

        assertEquals(200, answer.status());
        assertEquals(account.id().base64url(), answer.text("account_id"));
        String pending = answer.text("pending_token");
        assertEquals(200, rest.get(AUTH + "/vault", pending).status());
        assertEquals(200, rest.get(lists(account), pending).status());
        assertEquals("pending-token", rest.get(lists(other), pending).problem());
        assertEquals(
                "pending-token",
                rest.put(AUTH + "/vault", pending, "{\"vault\":\"AA\"}").problem());
        assertEquals(
                "pending-token",
                rest.get(AUTH + "/usernames/" + other.username(), pending).problem());
        Answer bundle = rest.get(KEYS + "/accounts/" + other.id().base64url() + "/bundle", pending);
        assertEquals(403, bundle.status());
        assertEquals("pending-token", bundle.problem());
    }

    @Test
    void refusesSecretsOfAnotherForm() {
        String name = accounts.newcomer().account().username();

        assertEquals("malformed", accounts.login(name, new byte[32]).problem());
        assertEquals(
                "malformed",
                accounts.login(name, Arrays.copyOf(new byte[] {1}, 31)).problem());
        assertEquals(
                "malformed",
                rest.post(AUTH + "/login", null, "{\"username\":\"" + name + "\"}")
                        .problem());
        assertEquals("malformed", parameters("x").problem());
        assertEquals("malformed", rest.get(AUTH + "/login/parameters", null).problem());
    }

    private Answer parameters(String name) {
        return rest.get(AUTH + "/login/parameters?username=" + name, null);
    }

    private static String lists(TestAccount account) {
        return AUTH + "/accounts/" + account.id().base64url() + "/dlc";
    }

    private static String shape(Answer answer) {
        return answer.body().toString().replace(answer.text("server_salt"), "*");
    }
}
