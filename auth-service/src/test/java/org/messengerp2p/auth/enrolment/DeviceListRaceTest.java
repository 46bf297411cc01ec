package org.messengerp2p.auth.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AtOnce;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class DeviceListRaceTest extends AuthServiceTest {
    @Test
    void letsOneOfThirtyTwoListsAtOnceBeTheNext() {
        SignedIn owner = accounts.newcomer();
        TestAccount account = owner.account();
        List<byte[]> rivals = Stream.generate(
                        () -> account.listAfter(account.firstList(), account.device(), account.newDevice()))
                .limit(32)
                .toList();

        List<Answer> answers = AtOnce.send(
                rivals,
                list -> rest.call("PUT", AUTH + "/devices", owner.tokens().auth(), Map.of("dlc", text(list))));

        assertOneNext(owner, rivals, answers);
    }

    @Test
    void letsOneOfManySignInsAtOnceAddItsDevice() {
        SignedIn owner = accounts.newcomer();
        TestAccount account = owner.account();
        record SignIn(String token, byte[] list, List<byte[]> prekeys) {}
        List<SignIn> signIns = Stream.generate(() -> {
                    TestDevice added = account.newDevice();
                    return new SignIn(
                            accounts.pendingToken(account),
                            account.listAfter(account.firstList(), account.device(), added),
                            added.prekeys(1, 1));
                })
                .limit(8)
                .toList();

        List<Answer> answers = AtOnce.send(
                signIns,
                signIn -> rest.call(
                        "PUT",
                        AUTH + "/devices",
                        signIn.token(),
                        Map.of(
                                "dlc",
                                text(signIn.list()),
                                "prekeys",
                                signIn.prekeys().stream()
                                        .map(DeviceListRaceTest::text)
                                        .toList())));

        assertOneNext(owner, signIns.stream().map(SignIn::list).toList(), answers);
    }

    private void assertOneNext(SignedIn owner, List<byte[]> rivals, List<Answer> answers) {
        List<Answer> won =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        List<Answer> lost =
                answers.stream().filter(answer -> answer.status() == 409).toList();
        assertEquals(1, won.size(), answers.toString());
        assertEquals(rivals.size() - 1, lost.size(), answers.toString());
        for (Answer answer : lost) {
            assertEquals("list-version", answer.problem());
            assertEquals(2, answer.body().path("list_version").asLong());
        }
        JsonNode chain = rest.get(
                        AUTH + "/accounts/" + owner.account().id().base64url() + "/dlc?from=1",
                        owner.tokens().auth())
                .body()
                .path("dlcs");
        assertEquals(2, chain.size());
        assertEquals(text(owner.account().firstList()), chain.get(0).asText());
        assertTrue(rivals.stream()
                .map(DeviceListRaceTest::text)
                .anyMatch(chain.get(1).asText()::equals));
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
