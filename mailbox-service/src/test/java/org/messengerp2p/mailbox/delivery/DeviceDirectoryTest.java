package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.AuthDouble;
import org.messengerp2p.mailbox.MailboxTest;

/** Lists as auth-service hands them over: {@code PUT /internal/v1/devices/{account}}. */
@QuarkusTest
class DeviceDirectoryTest extends MailboxTest {

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
    void anAccountThatEndsLeavesNothingButItsVersion() {
        Device bob = newListedDevice();
        byte[] token = random(16);
        api.putDeliveryToken(bob, token).is(204);
        send(bob, 1);

        list(bob.account(), 2);
        list(bob.account(), 1, bob.device());

        assertEquals(0, waitingFor(bob));
        api.deliver(bob.account(), token, 2, Addressed.to(bob, random(10))).isProblem(401, "delivery-token");
        api.collect(bob).isProblem(401, "device-revoked");
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
            "{\"list_version\":1,\"devices\":[0]}",
            "{\"list_version\":1,\"devices\":[null]}",
            "{\"list_version\":4294967296,\"devices\":[1]}",
        }) {
            putList(account, AuthDouble.SECRET, body).is(400);
        }
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
