package org.messengerp2p.auth.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AtOnce;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

@QuarkusTest
class RegistrationRaceTest extends AuthServiceTest {
    @Test
    void givesANameToOneOfAHundredAtOnce() {
        String name = TestAccount.anybody().username();
        byte[] salt = accounts.serverSalt(name);
        List<TestAccount> rivals =
                Stream.generate(() -> TestAccount.named(name)).limit(100).toList();
        List<Map<String, Object>> requests =
                rivals.stream().map(rival -> rival.registration(salt)).toList();

        List<Answer> answers = AtOnce.send(requests, request -> rest.call("POST", AUTH + "/accounts", null, request));

        List<Integer> winners = IntStream.range(0, 100)
                .filter(rival -> answers.get(rival).status() == 201)
                .boxed()
                .toList();
        assertEquals(1, winners.size());
        assertEquals(
                99,
                answers.stream()
                        .filter(answer -> answer.status() == 409)
                        .filter(answer -> answer.problem().equals("username-taken"))
                        .count());
        TestAccount winner = rivals.get(winners.get(0));
        SignedIn other = accounts.newcomer();
        assertEquals(
                winner.id().base64url(),
                rest.get(AUTH + "/usernames/" + name, other.tokens().auth()).text("account_id"));
        for (TestAccount rival : rivals) {
            assertEquals(
                    rival == winner ? 200 : 404,
                    rest.get(
                                    AUTH + "/accounts/" + rival.id().base64url() + "/dlc",
                                    other.tokens().auth())
                            .status(),
                    "nothing of the others was stored");
        }
    }

    @Test
    void takesFiftyIdenticalOnesAtOnceForOne() {
        TestAccount account = TestAccount.anybody();
        Map<String, Object> request = account.registration(accounts.serverSalt(account.username()));

        List<Answer> answers = AtOnce.send(
                Collections.nCopies(50, request), same -> rest.call("POST", AUTH + "/accounts", null, same));

        for (Answer answer : answers) {
            assertEquals(201, answer.status(), answer.body().toString());
            assertEquals(account.id().base64url(), answer.text("account_id"));
        }
        String token = accounts.tokens(account.device()).auth();
        assertEquals(
                1,
                rest.get(AUTH + "/accounts/" + account.id().base64url() + "/dlc?from=1", token)
                        .body()
                        .path("dlcs")
                        .size());
        assertEquals(
                4,
                rest.get(KEYS + "/prekeys/digest", token).body().path("opk_ids").size());
    }
}
