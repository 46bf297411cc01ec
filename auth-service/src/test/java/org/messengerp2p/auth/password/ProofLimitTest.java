package org.messengerp2p.auth.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.TightLimits;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestSecrets;

/** Three tries are allowed here. */
@QuarkusTest
@TestProfile(TightLimits.class)
class ProofLimitTest extends AuthServiceTest {
    private PasswordOwner owner;

    @BeforeEach
    void register() {
        owner = PasswordOwner.withCode(accounts);
    }

    @Test
    void boundsProofsByAccount() {
        TestSecrets wrong = TestSecrets.withCode();
        TestSecrets next = TestSecrets.withoutCode();

        put(owner.change(wrong.proofByPassword(), next));
        put(owner.change(wrong.proofByCode(), next));
        put(owner.change(wrong.proofByPassword(), next));
        Answer right = put(owner.change(next));

        assertEquals(429, right.status());
        assertEquals("rate-limited", right.problem());
        assertTrue(Integer.parseInt(right.header("Retry-After").orElseThrow()) > 800);
        assertEquals(200, owner.login(owner.secrets()).status(), "a sign-in counts by itself");
    }

    @Test
    void letsTheOwnerChangeThePasswordWhileStrangersTryTheName() {
        for (int i = 0; i < 4; i++) {
            owner.login(TestSecrets.withoutCode());
        }
        assertEquals("rate-limited", owner.login(owner.secrets()).problem());

        assertEquals(200, put(owner.change(TestSecrets.withCode())).status());
    }

    @Test
    void countsCodesWithPasswordsAtTheSignIn() {
        TestSecrets wrong = TestSecrets.withCode();
        String unknown = TestAccount.anybody().username();

        for (String name : new String[] {owner.name(), unknown}) {
            accounts.recover(name, wrong.code());
            accounts.login(name, wrong.authSecret());
            accounts.recover(name, wrong.code());
        }
        Answer known = owner.recover(owner.secrets());
        Answer other = accounts.recover(unknown, wrong.code());

        assertEquals("rate-limited", known.problem());
        assertEquals(known.body(), other.body());
        assertEquals("rate-limited", owner.login(owner.secrets()).problem());
    }

    @Test
    void doesNotCountARepeatedChange() {
        Map<String, Object> change = owner.change(TestSecrets.withCode());

        for (int i = 0; i < 6; i++) {
            assertEquals(200, put(change).status());
        }
    }

    private Answer put(Map<String, Object> change) {
        return accounts.changePassword(owner.token(), change);
    }
}
