package org.messengerp2p.auth.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.MailboxProbe;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.bus.Topic;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.InternalSecretResource;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class DeviceListChangeTest extends AuthServiceTest {
    @Inject
    DeviceBus bus;

    @Test
    void addsADeviceAfterASignInByPassword() throws Exception {
        TestAccount account = accounts.newcomer().account();
        TestDevice second = account.newDevice();
        byte[] list = account.listAfter(account.firstList(), account.device(), second);
        MailboxProbe.next(account.id());

        Answer added = accounts.putDevices(accounts.pendingToken(account), list, second.prekeys(1, 1));

        assertEquals(200, added.status(), added.body().toString());
        assertEquals(2, added.body().path("list_version").asInt());
        assertNotNull(accounts.tokens(second).auth());
        MailboxProbe.Notice told = MailboxProbe.next(account.id());
        assertEquals("Bearer " + InternalSecretResource.SECRET, told.authorization());
        assertEquals(2, told.body().path("list_version").asInt());
        assertEquals(2, told.body().path("devices").size());
        assertEquals(0, told.body().path("removed").size());
    }

    @Test
    void countsASignInForOneDevice() {
        TestAccount account = accounts.newcomer().account();
        TestDevice second = account.newDevice();
        TestDevice third = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        byte[] three = account.listAfter(two, account.device(), second, third);
        String pending = accounts.pendingToken(account);
        accounts.putDevices(pending, two, second.prekeys(0, 0));

        Answer repeated = accounts.putDevices(pending, two, second.prekeys(0, 0));
        Answer again = accounts.putDevices(pending, three, third.prekeys(0, 0));

        assertEquals(200, repeated.status());
        assertEquals(2, repeated.body().path("list_version").asInt());
        assertEquals(401, again.status());
        assertEquals("token-invalid", again.problem());
    }

    @Test
    void refusesASignInThatDoesNotAddExactlyOneDeviceWithItsKeys() {
        TestAccount account = accounts.newcomer().account();
        TestDevice second = account.newDevice();
        TestDevice third = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        byte[] three = account.listAfter(account.firstList(), account.device(), second, third);
        byte[] same = account.listAfter(account.firstList(), account.device());
        String pending = accounts.pendingToken(account);

        assertEquals(
                "dlc-invalid",
                accounts.putDevices(pending, three, second.prekeys(0, 0)).problem());
        assertEquals(
                "dlc-invalid",
                accounts.putDevices(pending, same, second.prekeys(0, 0)).problem());
        assertEquals("prekey-invalid", accounts.putDevices(pending, two, null).problem());
        assertEquals(
                "prekey-invalid",
                accounts.putDevices(pending, two, third.prekeys(0, 0)).problem());
        assertEquals(
                "prekey-invalid",
                accounts.putDevices(pending, two, second.oneTimeKeys(1, 1)).problem());
        assertEquals(
                200, accounts.putDevices(pending, two, second.prekeys(0, 0)).status());
    }

    @Test
    void endsARemovedDeviceAtOnce() throws Exception {
        SignedIn signedIn = accounts.newcomer();
        TestAccount account = signedIn.account();
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        accounts.putDevices(accounts.pendingToken(account), two, second.prekeys(3, 3));
        String itsToken = accounts.tokens(second).auth();
        BlockingQueue<BusEvent> events = new LinkedBlockingQueue<>();
        bus.subscribe(Topic.of(second.device()), events::add);
        MailboxProbe.next(account.id());
        MailboxProbe.next(account.id());

        Answer removed = accounts.putDevices(signedIn.tokens().auth(), account.listAfter(two, account.device()), null);

        assertEquals(200, removed.status(), removed.body().toString());
        assertEquals(new BusEvent.Revoked(second.device()), events.poll(10, TimeUnit.SECONDS));
        MailboxProbe.Notice told = MailboxProbe.next(account.id());
        assertEquals(3, told.body().path("list_version").asInt());
        assertEquals(second.id().value(), told.body().at("/removed/0").asLong());
        assertEquals("device-revoked", rest.get(AUTH + "/vault", itsToken).problem());
        Answer bundle = rest.get(
                KEYS + "/accounts/" + account.id().base64url() + "/bundle",
                signedIn.tokens().auth());
        assertEquals(1, bundle.body().path("devices").size());
    }

    @Test
    void tellsARemovedDeviceWhyByATokenThatReadsTheOwnListsOnly() {
        SignedIn signedIn = accounts.newcomer();
        TestAccount account = signedIn.account();
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        accounts.putDevices(accounts.pendingToken(account), two, second.prekeys(0, 0));
        accounts.putDevices(signedIn.tokens().auth(), account.listAfter(two, account.device()), null);

        Answer refused = accounts.refresh(second);

        assertEquals(401, refused.status());
        assertEquals("device-revoked", refused.problem());
        String token = refused.text("token");
        assertEquals(
                3,
                rest.get(lists(account) + "?from=1", token).body().path("dlcs").size());
        assertEquals(403, rest.get(lists(TestAccount.anybody()), token).status());
        assertEquals(403, rest.get(AUTH + "/vault", token).status());
        assertEquals(403, rest.get(AUTH + "/usernames/anybody", token).status());
    }

    @Test
    void refusesAListThatDoesNotFollow() {
        SignedIn signedIn = accounts.newcomer();
        TestAccount account = signedIn.account();
        String token = signedIn.tokens().auth();
        TestDevice second = account.newDevice();
        byte[] first = account.firstList();

        Answer jump = accounts.putDevices(token, account.list(3, new byte[32], account.device()), null);
        Answer fork = accounts.putDevices(token, account.list(2, new byte[32], account.device()), null);
        Answer changed = accounts.putDevices(
                token,
                account.listAfter(first, account.newDevice(account.device().id())),
                null);
        Answer foreign = accounts.putDevices(token, TestAccount.anybody().firstList(), null);
        Answer withKeys =
                accounts.putDevices(token, account.listAfter(first, account.device(), second), second.prekeys(0, 0));

        assertEquals("list-version", jump.problem());
        assertEquals(409, jump.status());
        assertEquals(1, jump.body().path("list_version").asInt());
        assertEquals("dlc-invalid", fork.problem());
        assertEquals("dlc-invalid", changed.problem());
        assertEquals("dlc-invalid", foreign.problem());
        assertEquals("prekey-invalid", withKeys.problem());
    }

    @Test
    void neverTakesADeviceIdTwice() {
        SignedIn signedIn = accounts.newcomer();
        TestAccount account = signedIn.account();
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        byte[] without = account.listAfter(two, account.device());
        TestDevice sameId = account.newDevice(second.id());
        accounts.putDevices(accounts.pendingToken(account), two, second.prekeys(0, 0));
        accounts.putDevices(signedIn.tokens().auth(), without, null);

        Answer refused = accounts.putDevices(
                accounts.pendingToken(account),
                account.listAfter(without, account.device(), sameId),
                sameId.prekeys(0, 0));

        assertEquals("dlc-invalid", refused.problem());
    }

    @Test
    void letsOneOfManyListsAtOnceWin() {
        SignedIn signedIn = accounts.newcomer();
        TestAccount account = signedIn.account();
        List<byte[]> lists = IntStream.range(0, 32)
                .mapToObj(i -> account.listAfter(account.firstList(), account.device(), account.newDevice()))
                .toList();

        List<Answer> answers = lists.stream()
                .map(list ->
                        rest.call("PUT", AUTH + "/devices", signedIn.tokens().auth(), Map.of("dlc", text(list))))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertEquals(
                1, answers.stream().filter(answer -> answer.status() == 200).count());
        assertEquals(
                31,
                answers.stream()
                        .filter(answer -> answer.problem().equals("list-version"))
                        .count());
        Answer chain = rest.get(lists(account) + "?from=1", signedIn.tokens().auth());
        assertEquals(2, chain.body().path("dlcs").size());
        String second = chain.body().at("/dlcs/1").asText();
        assertTrue(lists.stream().anyMatch(list -> text(list).equals(second)));
    }

    @Test
    void triesUntilTheMailboxHasAccepted() throws Exception {
        TestAccount account = TestAccount.anybody();
        MailboxProbe.refuse(true);
        try {
            accounts.register(account);
            MailboxProbe.next(account.id());
        } finally {
            MailboxProbe.refuse(false);
        }

        MailboxProbe.Notice again = MailboxProbe.next(account.id());

        assertEquals(1, again.body().path("list_version").asInt());
        assertEquals(
                account.device().id().value(), again.body().at("/devices/0").asLong());
    }

    @Test
    void namesARemovedDeviceUntilTheMailboxKnows() throws Exception {
        SignedIn signedIn = accounts.newcomer();
        TestAccount account = signedIn.account();
        TestDevice second = account.newDevice();
        byte[] two = account.listAfter(account.firstList(), account.device(), second);
        byte[] three = account.listAfter(two, account.device());
        accounts.putDevices(accounts.pendingToken(account), two, second.prekeys(0, 0));
        MailboxProbe.next(account.id());
        MailboxProbe.next(account.id());
        MailboxProbe.refuse(true);
        try {
            accounts.putDevices(signedIn.tokens().auth(), three, null);
            accounts.putDevices(signedIn.tokens().auth(), account.listAfter(three, account.device()), null);
        } finally {
            MailboxProbe.refuse(false);
        }

        MailboxProbe.Notice told = MailboxProbe.next(account.id());
        while (told.body().path("list_version").asInt() < 4) {
            told = MailboxProbe.next(account.id());
        }

        assertEquals(second.id().value(), told.body().at("/removed/0").asLong());
    }

    private static String lists(TestAccount account) {
        return AUTH + "/accounts/" + account.id().base64url() + "/dlc";
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
