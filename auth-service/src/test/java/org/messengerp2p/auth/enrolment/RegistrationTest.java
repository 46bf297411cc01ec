package org.messengerp2p.auth.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

@QuarkusTest
class RegistrationTest extends AuthServiceTest {
    @Test
    void makesAnAccountWhoseDeviceGetsTokens() {
        TestAccount account = TestAccount.anybody();

        Answer registered = register(account.registration(accounts.serverSalt(account.username())));

        assertEquals(201, registered.status(), registered.body().toString());
        assertEquals(account.id().base64url(), registered.text("account_id"));
        assertEquals("localhost", registered.body().at("/server/canonical_host").asText());
        assertEquals(30, registered.body().at("/server/mailbox_ttl_days").asInt());
        assertEquals(43, registered.body().at("/server/log_key").asText().length());
        assertEquals("no-store", registered.header("Cache-Control").orElse(""));
        assertTrue(accounts.tokens(account.device()).auth().length() > 100);
    }

    @Test
    void answersARepeatWithoutLookingAtSecretAndPrekeys() {
        TestAccount account = TestAccount.anybody();
        Map<String, Object> body = account.registration(accounts.serverSalt(account.username()));
        register(body);
        body.put("auth_secret", "A".repeat(42) + "E");
        body.put("prekeys", List.of("AAAA"));

        Answer repeated = register(body);

        assertEquals(201, repeated.status());
        assertEquals(account.id().base64url(), repeated.text("account_id"));
        assertEquals(
                401,
                accounts.login(account.username(), new byte[] {
                            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
                            26, 27, 28, 29, 30, 31, 32
                        })
                        .status());
        assertEquals(
                200, accounts.login(account.username(), account.authSecret()).status());
    }

    @Test
    void refusesATakenNameAndATakenAccountId() {
        SignedIn taken = accounts.newcomer();
        String name = taken.account().username();
        TestAccount other = TestAccount.named(name);

        Answer sameName = register(other.registration(accounts.serverSalt(name)));
        // The vault's random bytes make it another request.
        Answer sameId = register(taken.account().registration(accounts.serverSalt(name)));

        assertEquals("username-taken", sameName.problem());
        assertEquals(409, sameName.status());
        assertEquals("username-taken", sameId.problem());
    }

    @Test
    void lowersTheNameBeforeEveryUse() {
        TestAccount account = TestAccount.anybody();
        Map<String, Object> body =
                account.registration(accounts.serverSalt(account.username().toUpperCase()));
        body.put("username", account.username().toUpperCase());

        assertEquals(201, register(body).status());
        assertEquals(
                200, accounts.login(account.username(), account.authSecret()).status());
    }

    @Test
    void givesANameToOneOfManyAtOnce() {
        String name = TestAccount.anybody().username();
        byte[] salt = accounts.serverSalt(name);
        List<Map<String, Object>> bodies = Stream.generate(() -> TestAccount.named(name))
                .limit(24)
                .map(account -> account.registration(salt, account.device().prekeys(1, 0)))
                .toList();

        List<Answer> answers =
                bodies.stream().map(body -> rest.call("POST", AUTH + "/accounts", null, body)).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertEquals(
                1, answers.stream().filter(answer -> answer.status() == 201).count());
        assertEquals(
                23,
                answers.stream()
                        .filter(answer -> answer.problem().equals("username-taken"))
                        .count(),
                () -> answers.stream().map(Answer::body).toList().toString());
    }

    @Test
    void answersOneRequestSentTwiceAtOnceAlike() {
        TestAccount account = TestAccount.anybody();
        Map<String, Object> body = account.registration(accounts.serverSalt(account.username()));

        List<Answer> answers =
                Stream.generate(() -> rest.call("POST", AUTH + "/accounts", null, body)).limit(6).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertTrue(answers.stream().allMatch(answer -> answer.status() == 201));
    }

    private Answer register(Map<String, Object> body) {
        return rest.post(AUTH + "/accounts", null, body);
    }
}
