package org.messengerp2p.auth.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AtOnce;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.deletion.AccountRows;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class DeviceListRaceTest extends AuthServiceTest {
    @Inject
    @DataSource("auth")
    AgroalDataSource database;

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

    /** A client whose connection broke sends the same bytes again, perhaps before the first ones are stored. */
    @Test
    void answersTheSameListAtOnceAlike() throws Exception {
        SignedIn owner = accounts.newcomer();
        TestAccount account = owner.account();
        TestDevice second = account.newDevice();
        String pending = accounts.pendingToken(account);
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        List<String> prekeys =
                second.prekeys(1, 1).stream().map(DeviceListRaceTest::text).toList();

        for (Answer answer : whileHeld(account, pending, Map.of("dlc", text(two), "prekeys", prekeys))) {
            assertEquals(200, answer.status(), answer.body().toString());
            assertEquals(2, answer.body().path("list_version").asLong());
        }
        String three = text(account.listAfter(two, account.device()));
        for (Answer answer : whileHeld(account, owner.tokens().auth(), Map.of("dlc", three))) {
            assertEquals(200, answer.status(), answer.body().toString());
            assertEquals(3, answer.body().path("list_version").asLong());
        }
    }

    /** Three that are the same; all have been let in before the first of them is stored. */
    private List<Answer> whileHeld(TestAccount account, String token, Map<String, Object> body) throws Exception {
        List<CompletableFuture<Answer>> answers;
        try (Connection holder = database.getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute(
                    "select from account where account_id = '" + account.id().value() + "' for update");
            answers = Stream.generate(() -> rest.call("PUT", AUTH + "/devices", token, body))
                    .limit(3)
                    .toList();
            Eventually.isTrue("each waits", () -> new AccountRows(database).waiting() == 3);
            holder.rollback();
        }
        return answers.stream().map(CompletableFuture::join).toList();
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
