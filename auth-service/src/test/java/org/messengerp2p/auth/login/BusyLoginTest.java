package org.messengerp2p.auth.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AtOnce;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.TightLimits;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

/** More sign-ins at once than the queue takes (MP2P/1 §20). */
@QuarkusTest
@TestProfile(TightLimits.class)
class BusyLoginTest extends AuthServiceTest {
    private static final int TRIES_BY_NAME = 3;

    @Test
    void tellsTwoHundredAtOnceHonestlyWhenToComeAgain() {
        byte[] guess = new byte[32];
        new Random().nextBytes(guess);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(guess);
        List<String> names = Stream.generate(() -> TestAccount.anybody().username())
                .limit(200)
                .toList();

        List<Answer> answers = AtOnce.send(
                names,
                name -> rest.call("POST", AUTH + "/login", null, Map.of("username", name, "auth_secret", secret)));

        List<Answer> checked =
                answers.stream().filter(answer -> answer.status() == 401).toList();
        List<Answer> busy =
                answers.stream().filter(answer -> answer.status() == 429).toList();
        assertEquals(200, checked.size() + busy.size());
        assertTrue(checked.size() >= 64, checked.size() + " were checked");
        assertFalse(busy.isEmpty());
        for (Answer answer : busy) {
            assertEquals("busy", answer.problem());
            int wait = Integer.parseInt(answer.header("Retry-After").orElseThrow());
            assertTrue(wait >= 1 && wait <= 30, wait + " s");
        }
        String refused = names.get(IntStream.range(0, 200)
                .filter(name -> answers.get(name).status() == 429)
                .findFirst()
                .orElseThrow());
        for (int i = 0; i < TRIES_BY_NAME; i++) {
            assertEquals(401, accounts.login(refused, guess).status(), "busy has counted nothing");
        }
        assertEquals("rate-limited", accounts.login(refused, guess).problem());
    }
}
