package org.messengerp2p.auth.password;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.TestSecrets;

@QuarkusTest
class RecoveryTest extends AuthServiceTest {
    private PasswordOwner owner;

    @BeforeEach
    void register() {
        owner = PasswordOwner.withCode(accounts);
    }

    @Test
    void signsInAsAPasswordDoes() {
        Answer byCode = owner.recover(owner.secrets());
        Answer byPassword = owner.login(owner.secrets());

        assertEquals(200, byCode.status(), byCode.body().toString());
        assertEquals(owner.account().id().base64url(), byCode.text("account_id"));
        assertEquals(byPassword.body().path("server"), byCode.body().path("server"));
        assertEquals(
                200, rest.get(AUTH + "/vault", byCode.text("pending_token")).status());
    }

    @Test
    void answersAWrongCodeAnUnknownNameAndAnAccountWithoutCodeAlike() {
        TestSecrets other = TestSecrets.withCode();

        Answer wrong = accounts.recover(owner.name(), other.code());
        Answer unknown = accounts.recover(TestAccount.anybody().username(), other.code());
        Answer none = accounts.recover(accounts.newcomer().account().username(), other.code());

        assertEquals(401, wrong.status());
        assertEquals("credentials-wrong", wrong.problem());
        assertEquals(wrong.response().body(), unknown.response().body());
        assertEquals(wrong.response().body(), none.response().body());
        assertEquals(
                wrong.response().headers().map().keySet(),
                unknown.response().headers().map().keySet());
    }

    @Test
    void doesNotTakeThePasswordForTheCodeNorTheCodeForThePassword() {
        TestSecrets secrets = owner.secrets();

        assertEquals(
                "credentials-wrong",
                accounts.recover(owner.name(), secrets.authSecret()).problem());
        assertEquals(
                "credentials-wrong",
                accounts.login(owner.name(), secrets.code()).problem());
    }

    @Test
    void refusesSecretsOfAnotherForm() {
        assertEquals("malformed", accounts.recover(owner.name(), new byte[32]).problem());
        assertEquals("malformed", accounts.recover(owner.name(), new byte[] {1}).problem());
        assertEquals(
                "malformed",
                rest.post(AUTH + "/recover", null, Map.of("username", owner.name()))
                        .problem());
    }

    @Test
    void setsAPasswordFirstAndThenAddsADevice() {
        TestSecrets old = owner.secrets();
        TestSecrets next = TestSecrets.withCode();
        String pending = owner.recover(old).text("pending_token");
        String another = owner.recover(old).text("pending_token");
        TestDevice second = owner.account().newDevice();
        byte[] list = owner.account()
                .listAfter(owner.account().firstList(), owner.account().device(), second);

        Answer tooEarly = accounts.putDevices(pending, list, second.prekeys(0, 0));
        Answer changed = accounts.changePassword(pending, owner.change(old.proofByCode(), next));
        Answer added = accounts.putDevices(pending, list, second.prekeys(0, 0));

        assertEquals(403, tooEarly.status());
        assertEquals("pending-token", tooEarly.problem());
        assertEquals(200, changed.status(), changed.body().toString());
        assertEquals(200, added.status(), added.body().toString());
        assertEquals(200, accounts.refresh(second).status());
        assertEquals(200, owner.login(next).status());
        assertEquals("credentials-wrong", owner.login(old).problem());
        assertEquals("credentials-wrong", owner.recover(old).problem());
        assertEquals("token-invalid", rest.get(AUTH + "/vault", another).problem());
    }

    @Test
    void repeatsTheChangeByTheSameSignIn() {
        TestSecrets old = owner.secrets();
        String pending = owner.recover(old).text("pending_token");
        Map<String, Object> change = owner.change(old.proofByCode(), TestSecrets.withoutCode());
        accounts.changePassword(pending, change);

        Answer again = accounts.changePassword(pending, change);

        assertEquals(200, again.status(), again.body().toString());
        assertEquals(3, again.body().path("vault_version").asInt());
    }

    @Test
    void doesNotLetASignInByPasswordChangeIt() {
        String pending = owner.login(owner.secrets()).text("pending_token");
        TestSecrets next = TestSecrets.withCode();
        Map<String, Object> change = owner.change(next);

        Answer byPassword = accounts.changePassword(pending, change);
        Answer byCode =
                accounts.changePassword(pending, owner.change(owner.secrets().proofByCode(), next));

        assertEquals(403, byPassword.status());
        assertEquals("pending-token", byPassword.problem());
        assertEquals("pending-token", byCode.problem());
        assertEquals(200, owner.login(owner.secrets()).status());
    }
}
