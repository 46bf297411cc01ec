package org.messengerp2p.auth.transparency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class KeyLogTest extends LogTest {
    @Test
    void showsARegistrationInTheHeadThatAnswersIt() throws Exception {
        TestAccount account = TestAccount.anybody();
        LogClient client = newClient();
        long before = client.follow().size();

        Answer registered = register(account);
        client.accept(registered.bytes("sth"));

        assertEquals(before + 2, client.leaves().size());
        assertArrayEquals(
                nameLeaf("localhost", account.username(), account.id(), 1),
                client.leaves().get((int) before));
        assertArrayEquals(
                listLeaf(account.id(), 1, account.firstList()), client.leaves().get((int) before + 1));
    }

    @Test
    void showsEachListOnceHoweverOftenItIsSent() throws Exception {
        TestAccount account = TestAccount.anybody();
        Map<String, Object> body = account.registration(accounts.serverSalt(account.username()));
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        byte[] three = account.listAfter(two, account.device());
        for (int i = 0; i < 2; i++) {
            assertEquals(201, rest.post(AUTH + "/accounts", null, body).status());
        }
        String pending = accounts.pendingToken(account);
        String access = accounts.tokens(account.device()).auth();
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    200, accounts.putDevices(pending, two, second.prekeys(0, 0)).status());
        }
        for (int i = 0; i < 2; i++) {
            assertEquals(200, accounts.putDevices(access, three, null).status());
        }

        LogClient client = newClient();
        client.follow();

        assertEquals(1, client.count(nameLeaf("localhost", account.username(), account.id(), 1)));
        assertEquals(1, client.count(listLeaf(account.id(), 1, account.firstList())));
        assertEquals(1, client.count(listLeaf(account.id(), 2, two)));
        assertEquals(1, client.count(listLeaf(account.id(), 3, three)));
        assertEquals(4, ofAccount(client, account.id()));
    }

    @Test
    void showsNothingOfWhatIsRefused() throws Exception {
        LogClient client = newClient();
        long before = client.follow().size();
        TestAccount taken = TestAccount.named(reader.account().username());

        assertEquals(409, register(taken).status());
        assertEquals(
                409,
                accounts.putDevices(
                                reader.tokens().auth(),
                                reader.account()
                                        .list(7, new byte[32], reader.account().device()),
                                null)
                        .status());

        assertEquals(before, client.follow().size());
    }

    @Test
    void staysWithoutAGapWhateverHappensAtOnce() throws Exception {
        List<TestAccount> newcomers =
                Stream.generate(TestAccount::anybody).limit(40).toList();
        List<SignedIn> members = Stream.generate(accounts::newcomer).limit(20).toList();
        List<Map<String, Object>> bodies = newcomers.stream()
                .map(account -> account.registration(accounts.serverSalt(account.username())))
                .toList();
        List<byte[]> lists = members.stream()
                .map(member -> member.account()
                        .listAfter(
                                member.account().firstList(), member.account().device()))
                .toList();
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < newcomers.size(); i++) {
            calls.add(rest.call("POST", AUTH + "/accounts", null, bodies.get(i)));
            if (i < members.size()) {
                Map<String, Object> change = new HashMap<>();
                change.put("dlc", Base64.getUrlEncoder().withoutPadding().encodeToString(lists.get(i)));
                calls.add(rest.call(
                        "PUT", AUTH + "/devices", members.get(i).tokens().auth(), change));
            }
        }
        List<byte[]> heads = new ArrayList<>();
        for (CompletableFuture<Answer> call : calls) {
            Answer answer = call.join();
            assertTrue(
                    answer.status() == 201 || answer.status() == 200,
                    answer.body().toString());
            if (answer.status() == 201) {
                heads.add(answer.bytes("sth"));
            }
        }

        // Each head that was shown is one of the same log, and later ones are larger: none contradicts another.
        LogClient client = newClient();
        heads.sort((one, other) -> Arrays.compareUnsigned(one, 9, 17, other, 9, 17));
        for (byte[] head : heads) {
            client.accept(head);
        }
        client.follow();
        for (TestAccount account : newcomers) {
            assertEquals(1, client.count(listLeaf(account.id(), 1, account.firstList())));
            assertEquals(2, ofAccount(client, account.id()));
        }
        for (int i = 0; i < members.size(); i++) {
            assertEquals(1, client.count(listLeaf(members.get(i).account().id(), 2, lists.get(i))));
        }
    }

    /** The name goes to somebody else under the next number; the id, whose first list is in the log, to nobody. */
    @Test
    void neverTakesTheIdOfAnAccountThatIsGone() throws Exception {
        TestAccount gone = reader.account();
        delete(gone.id());
        reader = accounts.newcomer();
        TestAccount heir = TestAccount.named(gone.username());

        Answer again = register(gone);
        Answer ofHeir = register(heir);

        assertEquals(409, again.status());
        assertEquals("username-taken", again.problem());
        assertEquals(201, ofHeir.status());
        LogClient client = newClient();
        client.follow();
        assertEquals(2, ofAccount(client, gone.id()));
        assertEquals(1, client.count(nameLeaf("localhost", gone.username(), heir.id(), 2)));
    }

    private Answer register(TestAccount account) {
        return rest.post(AUTH + "/accounts", null, account.registration(accounts.serverSalt(account.username())));
    }

    /** Leaves that name the account: of its lists, and of names that were given to it. */
    private static long ofAccount(LogClient client, AccountId account) {
        String id = HexFormat.of().formatHex(account.bytes());
        return client.leaves().stream()
                .map(HexFormat.of()::formatHex)
                .filter(leaf -> leaf.contains(id))
                .count();
    }

    private void delete(AccountId account) throws Exception {
        try (Connection connection = database.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from account where account_id = ?")) {
            delete.setObject(1, account.value());
            delete.executeUpdate();
        }
    }
}
