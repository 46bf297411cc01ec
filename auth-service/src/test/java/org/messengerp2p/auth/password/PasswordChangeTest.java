package org.messengerp2p.auth.password;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestSecrets;

@QuarkusTest
class PasswordChangeTest extends AuthServiceTest {
    /** Last byte of vault_version in a vault without a second wrapped key. */
    private static final int VAULT_VERSION_AT = 142;

    @Test
    void takesTheNewPasswordAndTheOldOneNoMore() {
        PasswordOwner owner = PasswordOwner.registered(accounts);
        TestSecrets old = owner.secrets();
        TestSecrets next = TestSecrets.withoutCode();
        Map<String, Object> change = owner.change(next);

        Answer changed = accounts.changePassword(owner.token(), change);

        assertEquals(200, changed.status(), changed.body().toString());
        assertEquals(2, changed.body().path("vault_version").asInt());
        assertEquals("credentials-wrong", owner.login(old).problem());
        assertEquals(200, owner.login(next).status());
        Answer vault = rest.get(AUTH + "/vault", owner.token());
        assertEquals(2, vault.body().path("vault_version").asInt());
        assertEquals(change.get("vault"), vault.text("vault"));
    }

    @Test
    void leavesDevicesAndTheirTokens() {
        PasswordOwner owner = PasswordOwner.registered(accounts);

        owner.changeTo(TestSecrets.withoutCode());

        assertEquals(200, rest.get(AUTH + "/vault", owner.token()).status());
        assertEquals(200, accounts.refresh(owner.account().device()).status());
    }

    @Test
    void namesTheNewCostToWhoSignsIn() {
        PasswordOwner owner = PasswordOwner.registered(accounts);
        TestSecrets next = TestSecrets.withoutCode();
        Map<String, Object> change = owner.account()
                .passwordChange(
                        owner.secrets().proofByPassword(), next, owner.vault().rekeyed(), 262_144, 4);
        Answer before = parameters(owner.name());

        assertEquals(200, accounts.changePassword(owner.token(), change).status());

        Answer after = parameters(owner.name());
        assertEquals(262_144, after.body().path("m_kib").asInt());
        assertEquals(4, after.body().path("t").asInt());
        assertEquals(before.text("server_salt"), after.text("server_salt"));
        Answer unknown = parameters(TestAccount.anybody().username());
        assertEquals(65_536, unknown.body().path("m_kib").asInt());
        assertEquals(3, unknown.body().path("t").asInt());
    }

    @Test
    void answersTheSameVaultAgainWithoutALookAtTheProof() {
        PasswordOwner owner = PasswordOwner.registered(accounts);
        TestSecrets next = TestSecrets.withoutCode();
        Map<String, Object> change = owner.change(next);
        accounts.changePassword(owner.token(), change);

        Answer again = accounts.changePassword(owner.token(), change);
        change.put("proof", TestSecrets.withoutCode().proofByPassword());
        change.put("auth_secret", text(TestSecrets.withoutCode().authSecret()));
        Answer otherwise = accounts.changePassword(owner.token(), change);

        assertEquals(200, again.status(), again.body().toString());
        assertEquals(2, again.body().path("vault_version").asInt());
        assertEquals(200, otherwise.status());
        assertEquals(200, owner.login(next).status(), "the first request stands");
    }

    @Test
    void endsSignInsThatHaveNotBecomeDevices() {
        PasswordOwner owner = PasswordOwner.withCode(accounts);
        String byPassword = owner.login(owner.secrets()).text("pending_token");
        String byCode = owner.recover(owner.secrets()).text("pending_token");
        String ofAnother = accounts.pendingToken(accounts.newcomer().account());
        Answer refused = rest.get(AUTH + "/vault", "never.a.token");

        owner.changeTo(TestSecrets.withoutCode());

        for (String ended : new String[] {byPassword, byCode}) {
            Answer answer = rest.get(AUTH + "/vault", ended);
            assertEquals(401, answer.status());
            assertEquals(refused.body(), answer.body());
        }
        assertEquals(200, rest.get(AUTH + "/vault", ofAnother).status());
        String since = owner.login(owner.secrets()).text("pending_token");
        assertEquals(200, rest.get(AUTH + "/vault", since).status());
    }

    @Test
    void keepsARecoveryCodeOnlyIfItIsNamedAgain() {
        PasswordOwner owner = PasswordOwner.withCode(accounts);
        TestSecrets first = owner.secrets();
        TestSecrets second = TestSecrets.withCode();
        assertEquals(200, owner.recover(first).status());

        owner.changeTo(second);

        assertEquals("credentials-wrong", owner.recover(first).problem());
        assertEquals(200, owner.recover(second).status());

        owner.changeTo(TestSecrets.withoutCode());

        assertEquals("credentials-wrong", owner.recover(second).problem());
    }

    @Test
    void takesTheRecoveryCodeForAProofFromADeviceToo() {
        PasswordOwner owner = PasswordOwner.withCode(accounts);
        TestSecrets next = TestSecrets.withCode();

        Answer changed = accounts.changePassword(
                owner.token(), owner.change(owner.secrets().proofByCode(), next));

        assertEquals(200, changed.status(), changed.body().toString());
        assertEquals(200, owner.login(next).status());
    }

    @Test
    void tellsADeviceThatIsBehindTheVersionBeforeTheHeader() {
        PasswordOwner owner = PasswordOwner.registered(accounts);
        byte[] salt = owner.vault().serverSalt();
        byte[] next = rekeyed(owner);

        Answer behind = putVault(owner, owner.account().vault(salt, 2));
        Answer oldKeys = putVault(owner, owner.account().vault(salt, 3));
        next[VAULT_VERSION_AT] = 3;
        Answer newKeys = putVault(owner, next);

        assertEquals("vault-version", behind.problem());
        assertEquals(2, behind.body().path("vault_version").asInt());
        assertEquals("vault-header", oldKeys.problem());
        assertEquals(204, newKeys.status(), newKeys.body().toString());
    }

    /** Changes the password. @return the vault that came with it */
    private byte[] rekeyed(PasswordOwner owner) {
        Map<String, Object> change = owner.change(TestSecrets.withoutCode());
        assertEquals(200, accounts.changePassword(owner.token(), change).status());
        return Base64.getUrlDecoder().decode(change.get("vault").toString());
    }

    private Answer putVault(PasswordOwner owner, byte[] vault) {
        return rest.put(AUTH + "/vault", owner.token(), Map.of("vault", text(vault)));
    }

    private Answer parameters(String name) {
        return rest.get(AUTH + "/login/parameters?username=" + name, null);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
