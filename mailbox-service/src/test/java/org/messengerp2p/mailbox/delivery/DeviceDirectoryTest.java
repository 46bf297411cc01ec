package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.AuthDouble;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.testkit.Citus;

/** Lists as auth-service hands them over: {@code PUT /internal/v1/devices/{account}}. */
@QuarkusTest
class DeviceDirectoryTest extends MailboxTest {

    @Inject
    EndedAccounts endedAccounts;

    @Test
    void theHigherVersionWins() {
        Device bob = newListedDevice();
        list(bob.account(), 7, bob.device());

        list(bob.account(), 6, newDeviceId());
        list(bob.account(), 7, newDeviceId());

        api.collect(bob).is(200);
        assertEquals(7, versionOf(bob.account()));
    }

    @Test
    void theSameListTwiceChangesNothing() {
        Device bob = newListedDevice();
        send(bob, 1);

        list(bob.account(), 1, bob.device());

        assertEquals(1, api.collect(bob).envelopes().size());
    }

    @Test
    void aNewListKeepsTheMailboxesOfItsDevices() {
        Device bob = newListedDevice();
        send(bob, 1);
        Device second = new Device(bob.account(), newDeviceId());

        list(bob.account(), 2, bob.device(), second.device());

        assertEquals(1, api.collect(bob).envelopes().size());
        assertEquals(0, api.collect(second).envelopes().size());
    }

    @Test
    void theMailboxOfARemovedDeviceEnds() {
        Device bob = newListedDevice();
        Device lost = new Device(bob.account(), newDeviceId());
        list(bob.account(), 2, bob.device(), lost.device());
        send(lost, 2);
        authKnows(bob.account(), 3, bob.device());

        list(bob.account(), 3, bob.device());

        assertEquals(0, waitingFor(lost));
        api.collect(lost).isProblem(401, "device-revoked");
        api.ack(lost, List.of()).isProblem(401, "device-revoked");
    }

    @Test
    void anAccountThatEndsLeavesNothing() {
        Device bob = newListedDevice();
        byte[] token = random(16);
        api.putDeliveryToken(bob, token).is(204);
        send(bob, 1);

        end(bob.account()).is(204);

        assertEquals(0, rowsThatName(bob.account()));
        api.deliver(bob.account(), token, 1, Addressed.to(bob, random(10))).isProblem(401, "delivery-token");
        api.messages(newListedDevice(), bob.account(), 1, Addressed.to(bob, random(10)))
                .isProblem(404, "not-found");
        api.collect(bob).isProblem(401, "device-revoked");
        api.putDeliveryToken(bob, token).isProblem(401, "device-revoked");
    }

    @Test
    void theEndOfAnAccountIsTheSameTwiceAndOfOneThatNobodyKnew() {
        Device bob = newListedDevice();
        Device other = newListedDevice();

        end(bob.account()).is(204);
        end(bob.account()).is(204);
        end(newDevice().account()).is(204);

        api.collect(other).is(200);
        assertEquals(0, rowsThatName(bob.account()));
    }

    @Test
    void aListThatComesAfterTheEndBringsNothingBack() {
        Device bob = newListedDevice();
        end(bob.account()).is(204);
        authKnows(bob.account(), 2, bob.device());

        list(bob.account(), 3, bob.device());

        api.collect(bob).isProblem(401, "device-revoked");
        assertEquals(0, rowsThatName(bob.account()));
    }

    /** The list is written first and committed while the end waits, and the other way round. */
    @Test
    void aListAtTheSameMomentBringsNothingBack() throws Exception {
        for (int i = 0; i < 20; i++) {
            Device bob = newListedDevice();
            CompletableFuture<Answer> list = meanwhile(() -> putList(bob.account(), AuthDouble.SECRET, listOfTwo(bob)));
            CompletableFuture<Answer> end = meanwhile(() -> end(bob.account()));

            list.get().is(204);
            end.get().is(204);

            assertEquals(0, rowsThatName(bob.account()));
        }
    }

    /** The list has waited for the end, and saw nothing of it when it began. */
    @Test
    void aListThatWaitedForTheEndBringsNothingBack() throws Exception {
        Device bob = newListedDevice();
        CompletableFuture<Answer> list;
        try (Connection ending = dataSource.getConnection()) {
            ending.setAutoCommit(false);
            try (Statement statement = ending.createStatement()) {
                statement.execute(
                        "delete from mailbox where account = '" + bob.account().value() + "'");
                statement.execute("delete from recipient where account = '"
                        + bob.account().value() + "'");
                statement.execute("insert into ended_account values (sha256(convert_to('mp2p ended account', 'utf8') "
                        + "|| '\\x00' || decode(replace('" + bob.account().value() + "', '-', ''), 'hex')), now())");
            }
            list = meanwhile(() -> putList(bob.account(), AuthDouble.SECRET, listOfTwo(bob)));
            while (number(Citus.lockWaits()) == 0) {
                Thread.onSpinWait();
            }
            ending.commit();
        }

        list.get().is(204);

        assertEquals(0, rowsThatName(bob.account()));
    }

    @Test
    void anEnvelopeAtTheSameMomentIsNotLeftBehind() throws Exception {
        for (int i = 0; i < 20; i++) {
            Device bob = newListedDevice();
            CompletableFuture<Answer> sent =
                    meanwhile(() -> api.messages(bob, bob.account(), 1, Addressed.to(bob, random(100))));
            CompletableFuture<Answer> end = meanwhile(() -> end(bob.account()));

            sent.get();
            end.get().is(204);

            assertEquals(0, rowsThatName(bob.account()));
        }
    }

    @Test
    void anAccountThatEndedIsForgottenWhenNothingIsOnItsWay() {
        Device bob = newListedDevice();
        end(bob.account()).is(204);
        update("update ended_account set ended_at = now() - interval '9 minutes'");
        endedAccounts.forgetOld().await().atMost(Duration.ofSeconds(30));
        assertTrue(number("select count(*)::text from ended_account") > 0);

        update("update ended_account set ended_at = now() - interval '10 minutes'");
        endedAccounts.forgetOld().await().atMost(Duration.ofSeconds(30));

        assertEquals(0, number("select count(*)::text from ended_account"));
    }

    @Test
    void onlyWhoHasTheSecretMayEndAnAccount() {
        Device bob = newListedDevice();

        delete(bob.account().base64url(), "another secret of more than thirty-two characters")
                .is(401);
        delete("short", AuthDouble.SECRET).is(400);

        api.collect(bob).is(200);
    }

    @Test
    void namesOfRemovedDevicesAreTaken() {
        Device bob = newListedDevice();
        String body = "{\"list_version\":2,\"devices\":[" + bob.device().value() + "],\"removed\":[77]}";

        putList(bob.account(), AuthDouble.SECRET, body).is(204);

        assertEquals(2, versionOf(bob.account()));
    }

    @Test
    void onlyWhoHasTheSecretMayChangeTheDirectory() {
        Device bob = newListedDevice();

        putList(
                        bob.account(),
                        "another secret of more than thirty-two characters",
                        "{\"list_version\":2,\"devices\":[]}")
                .is(401);

        api.collect(bob).is(200);
    }

    @Test
    void whatIsNotAListIsRefused() {
        AccountId account = newDevice().account();

        for (String body : new String[] {
            "",
            "null",
            "{}",
            "{\"list_version\":0,\"devices\":[]}",
            "{\"list_version\":1}",
            "{\"list_version\":1,\"devices\":[]}",
            "{\"list_version\":1,\"devices\":[0]}",
            "{\"list_version\":1,\"devices\":[null]}",
            "{\"list_version\":4294967296,\"devices\":[1]}",
        }) {
            putList(account, AuthDouble.SECRET, body).is(400);
        }
    }

    /** A store that waited for a device which the list ends would else wait for the list, and the list for it. */
    @Test
    void aListWaitsForNoStoreToDevicesThatStay() throws SQLException {
        Device stays = newListedDevice();
        try (Connection store = dataSource.getConnection();
                Statement statement = store.createStatement()) {
            statement.execute("begin");
            statement.executeUpdate("update mailbox set waiting = waiting where account = '"
                    + stays.account().value() + "'");

            list(stays.account(), 2, stays.device(), newDeviceId());

            statement.execute("rollback");
        }
    }

    private Answer end(AccountId account) {
        return delete(account.base64url(), AuthDouble.SECRET);
    }

    private static String listOfTwo(Device bob) {
        return "{\"list_version\":2,\"devices\":[" + bob.device().value() + ",77]}";
    }

    private long rowsThatName(AccountId account) {
        String its = " where account = '" + account.value() + "'";
        return number("select ((select count(*) from recipient" + its + ") + (select count(*) from mailbox" + its
                + ") + (select count(*) from envelope" + its + "))::text");
    }

    private void send(Device to, long listVersion) {
        api.messages(to, to.account(), listVersion, Addressed.to(to, random(100)))
                .is(200);
    }

    private long waitingFor(Device device) {
        return number("select count(*)::text from envelope where account = '"
                + device.account().value() + "' and device = " + device.device().value());
    }

    private long versionOf(AccountId account) {
        return number("select list_version::text from recipient where account = '" + account.value() + "'");
    }
}
