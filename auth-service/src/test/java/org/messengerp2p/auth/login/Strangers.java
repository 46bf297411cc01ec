package org.messengerp2p.auth.login;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/** What somebody without any token can ask of an account, to find out whether it exists. */
final class Strangers {
    private static final String AUTH = "/api/auth/v1";

    private final RestClient rest;
    private final AccountClient accounts;
    private final byte[] guess = new byte[32];

    Strangers(RestClient rest, AccountClient accounts) {
        this.rest = rest;
        this.accounts = accounts;
        new SecureRandom().nextBytes(guess);
    }

    /**
     * One thing to ask.
     *
     * @param prepared does what comes before the question, and gives the question itself
     */
    record Question(String name, Function<TestAccount, Supplier<Answer>> prepared) {
        @Override
        public String toString() {
            return name;
        }
    }

    List<Question> questions() {
        return List.of(
                new Question(
                        "login/parameters",
                        account -> () -> rest.get(AUTH + "/login/parameters?username=" + account.username(), null)),
                new Question("challenge", account -> () -> accounts.challenge(account.device())),
                new Question("refresh with a wrong signature", account -> {
                    TestDevice impostor = account.newDevice(account.device().id());
                    Answer challenge = accounts.challenge(impostor);
                    return () -> accounts.refresh(impostor, challenge);
                }),
                new Question("refresh with a wrong nonce", account -> {
                    Answer challenge = accounts.challenge(TestAccount.anybody().device());
                    return () -> accounts.refresh(account.device(), challenge);
                }),
                new Question("recover", account -> () -> recover(account.username())),
                new Question("login", account -> () -> accounts.login(account.username(), guess)));
    }

    private Answer recover(String username) {
        return rest.post(
                AUTH + "/recover",
                null,
                Map.of(
                        "username",
                        username,
                        "rec_auth",
                        Base64.getUrlEncoder().withoutPadding().encodeToString(guess)));
    }
}
