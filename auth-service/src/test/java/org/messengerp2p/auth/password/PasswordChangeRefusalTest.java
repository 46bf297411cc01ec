package org.messengerp2p.auth.password;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestAccount.VaultAt;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.TestSecrets;

/** What is refused has changed nothing, which every test ends with. */
@QuarkusTest
class PasswordChangeRefusalTest extends AuthServiceTest {
    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    private PasswordOwner owner;
    private String pending;
    private final TestSecrets next = TestSecrets.withCode();

    @BeforeEach
    void register() {
        owner = PasswordOwner.withCode(accounts);
        pending = owner.recover(owner.secrets()).text("pending_token");
    }

    @AfterEach
    void nothingHasChanged() {
        Answer vault = rest.get(AUTH + "/vault", owner.token());
        assertEquals(2, vault.body().path("vault_version").asInt());
        assertEquals(200, rest.get(AUTH + "/vault", pending).status(), "sign-ins stay");
        assertEquals(200, owner.login(owner.secrets()).status());
        assertEquals(200, owner.recover(owner.secrets()).status());
        assertEquals("credentials-wrong", owner.login(next).problem());
        assertEquals("credentials-wrong", owner.recover(next).problem());
    }

    @Test
    void refusesAProofThatIsNotRight() {
        TestSecrets wrong = TestSecrets.withCode();

        Answer password = put(owner.change(wrong.proofByPassword(), next));
        Answer code = put(owner.change(wrong.proofByCode(), next));
        Answer exchanged = put(owner.change(
                Map.of("rec_auth", owner.secrets().proofByPassword().get("auth_secret")), next));

        assertEquals(401, password.status());
        assertEquals("credentials-wrong", password.problem());
        assertEquals(password.body(), code.body());
        assertEquals("credentials-wrong", exchanged.problem());
        assertEquals(
                "credentials-wrong",
                accounts.changePassword(pending, owner.change(wrong.proofByCode(), next))
                        .problem());
    }

    @Test
    void refusesAProofOfTwoSecretsOrOfNone() {
        Map<String, Object> both = new HashMap<>(owner.secrets().proofByPassword());
        both.putAll(owner.secrets().proofByCode());
        Map<String, Object> zeros = owner.change(next);
        zeros.put("auth_secret", text(new byte[32]));
        Map<String, Object> without = owner.change(next);
        without.remove("proof");

        assertEquals("malformed", put(owner.change(both, next)).problem());
        assertEquals("malformed", put(owner.change(Map.of(), next)).problem());
        assertEquals("malformed", put(zeros).problem());
        assertEquals("malformed", put(without).problem());
    }

    @Test
    void looksAtTheProofThenAtTheVersionThenAtTheHeader() {
        VaultAt far = new VaultAt(new byte[16], 7, 9);
        VaultAt headerAlone = new VaultAt(new byte[16], 7, 3);
        TestSecrets wrong = TestSecrets.withoutCode();

        Answer proof = put(changeAt(wrong.proofByPassword(), far));
        Answer version = put(changeAt(owner.secrets().proofByPassword(), far));
        Answer header = put(changeAt(owner.secrets().proofByPassword(), headerAlone));

        assertEquals("credentials-wrong", proof.problem());
        assertEquals(409, version.status());
        assertEquals("vault-version", version.problem());
        assertEquals(2, version.body().path("vault_version").asInt());
        assertEquals(422, header.status());
        assertEquals("vault-header", header.problem());
    }

    @Test
    void refusesVersionsThatDoNotFollow() {
        byte[] salt = owner.vault().serverSalt();

        for (long version : new long[] {0, 1, 2, 4, 4_294_967_295L}) {
            Answer answer = put(changeAt(owner.secrets().proofByPassword(), new VaultAt(salt, 3, version)));
            assertEquals("vault-version", answer.problem(), "version " + version);
        }
    }

    @Test
    void refusesAHeaderThatDoesNotFit() {
        Map<String, Object> proof = owner.secrets().proofByPassword();
        byte[] salt = owner.vault().serverSalt();
        byte[] otherSalt = salt.clone();
        otherSalt[0] ^= 1;
        TestAccount account = owner.account();
        VaultAt fits = owner.vault().rekeyed();
        Map<String, Map<String, Object>> changes = new HashMap<>();
        changes.put("keys that stay", changeAt(proof, new VaultAt(salt, 2, 3)));
        changes.put("keys that skip one", changeAt(proof, new VaultAt(salt, 4, 3)));
        changes.put("another salt", changeAt(proof, new VaultAt(otherSalt, 3, 3)));
        changes.put("a cost that is too low", account.passwordChange(proof, next, fits, 65_535, 3));
        changes.put("passes that are too few", account.passwordChange(proof, next, fits, 65_536, 2));
        changes.put("a cost that is too high", account.passwordChange(proof, next, fits, 1_048_577, 3));
        changes.put("passes that are too many", account.passwordChange(proof, next, fits, 65_536, 17));
        changes.put("another memory than named", with(owner.change(next), "m_kib", 131_072));
        changes.put("other passes than named", with(owner.change(next), "t", 4));
        changes.put("other lanes than named", with(owner.change(next), "p", 2));
        Map<String, Object> codeOfVaultAlone = owner.change(next);
        codeOfVaultAlone.remove("rec_auth");
        changes.put("a code in the vault alone", codeOfVaultAlone);
        changes.put(
                "a code beside the vault alone",
                with(owner.change(TestSecrets.withoutCode()), "rec_auth", text(next.code())));
        changes.put("no vault", with(owner.change(next), "vault", "AAAA"));

        changes.forEach((what, change) -> {
            Answer answer = put(change);
            assertEquals(422, answer.status(), what);
            assertEquals("vault-header", answer.problem(), what);
        });
    }

    @Test
    void refusesWhoIsNotSignedInAndARemovedDevice() {
        PasswordOwner other = PasswordOwner.registered(accounts);
        TestDevice removed = owner.account().newDevice();
        byte[] two = owner.account()
                .listAfter(owner.account().firstList(), owner.account().device(), removed);
        accounts.putDevices(owner.login(owner.secrets()).text("pending_token"), two, removed.prekeys(0, 0));
        String itsToken = accounts.tokens(removed).auth();
        accounts.putDevices(
                owner.token(), owner.account().listAfter(two, owner.account().device()), null);
        String toReadWhy = accounts.refresh(removed).text("token");
        Map<String, Object> change = owner.change(next);

        assertEquals("token-invalid", accounts.changePassword(null, change).problem());
        assertEquals("device-revoked", accounts.changePassword(itsToken, change).problem());
        assertEquals("forbidden", accounts.changePassword(toReadWhy, change).problem());
        assertEquals(
                "credentials-wrong",
                accounts.changePassword(other.token(), change).problem(),
                "another account's token is for that account");
    }

    @Test
    void changesNothingByHalves() throws Exception {
        String account = owner.account().id().value().toString();
        for (String table : new String[] {"vault", "credential", "pending_token"}) {
            String when = table.equals("pending_token") ? "delete" : "update";
            sql("create function refused() returns trigger language plpgsql as "
                    + "$$ begin raise exception 'refused'; end $$");
            sql("create trigger refused before " + when + " on " + table + " for each row when (old.account_id = '"
                    + account + "') execute function refused()");
            try {
                Answer answer = put(owner.change(next));

                assertEquals(500, answer.status(), table);
                assertEquals("defect", answer.problem(), table);
                nothingHasChanged();
            } finally {
                sql("drop function refused() cascade");
            }
        }
    }

    private Answer put(Map<String, Object> change) {
        return accounts.changePassword(owner.token(), change);
    }

    private Map<String, Object> changeAt(Map<String, Object> proof, VaultAt at) {
        return owner.account().passwordChange(proof, next, at);
    }

    private static Map<String, Object> with(Map<String, Object> change, String field, Object value) {
        change.put(field, value);
        return change;
    }

    private void sql(String statement) throws Exception {
        try (Connection connection = database.getConnection();
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
