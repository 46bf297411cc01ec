package org.messengerp2p.auth.password;

import java.util.Map;
import java.util.Optional;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestAccount.VaultAt;
import org.messengerp2p.testkit.TestSecrets;

/** A registered account that knows its secrets and where its vault stands, as its own device does. */
final class PasswordOwner {
    private final AccountClient accounts;
    private final SignedIn signedIn;
    private TestSecrets secrets;
    private VaultAt vault;

    private PasswordOwner(AccountClient accounts, SignedIn signedIn) {
        this.accounts = accounts;
        this.signedIn = signedIn;
        this.secrets = new TestSecrets(signedIn.account().authSecret(), Optional.empty());
        this.vault = new VaultAt(accounts.serverSalt(signedIn.account().username()), 1, 1);
    }

    static PasswordOwner registered(AccountClient accounts) {
        return new PasswordOwner(accounts, accounts.newcomer());
    }

    /** With a recovery code, which is its first change of password. */
    static PasswordOwner withCode(AccountClient accounts) {
        PasswordOwner owner = registered(accounts);
        owner.changeTo(TestSecrets.withCode());
        return owner;
    }

    TestAccount account() {
        return signedIn.account();
    }

    String name() {
        return account().username();
    }

    String token() {
        return signedIn.tokens().auth();
    }

    TestSecrets secrets() {
        return secrets;
    }

    /** Where the vault stands. */
    VaultAt vault() {
        return vault;
    }

    /** What makes these the next secrets, proven by the password. */
    Map<String, Object> change(TestSecrets next) {
        return change(secrets.proofByPassword(), next);
    }

    Map<String, Object> change(Map<String, Object> proof, TestSecrets next) {
        return account().passwordChange(proof, next, vault.rekeyed());
    }

    /** Changes the password from the device. */
    void changeTo(TestSecrets next) {
        Answer answer = accounts.changePassword(token(), change(next));
        if (answer.status() != 200) {
            throw new AssertionError(answer.status() + " " + answer.body());
        }
        changedTo(next);
    }

    /** A change that a test has made itself was taken. */
    void changedTo(TestSecrets next) {
        secrets = next;
        vault = vault.rekeyed();
    }

    Answer login(TestSecrets by) {
        return accounts.login(name(), by.authSecret());
    }

    Answer recover(TestSecrets by) {
        return accounts.recover(name(), by.code());
    }
}
