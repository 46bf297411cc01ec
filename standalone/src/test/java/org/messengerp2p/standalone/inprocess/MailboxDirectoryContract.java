package org.messengerp2p.standalone.inprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.device.MailboxDirectory;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.RestClient.Answer;

/** auth-service tells mailbox-service a new device list; what comes of it shows in who may collect. */
abstract class MailboxDirectoryContract extends ContractTest {

    private AccountId account;
    private DeviceId device;
    private String token;

    abstract MailboxDirectory directory();

    @BeforeEach
    void register() {
        SignedIn person = accounts.newcomer();
        account = person.account().id();
        device = person.account().device().id();
        token = person.tokens().mailbox();
    }

    @Test
    void aListedDeviceHasAMailbox() throws Throwable {
        put(2, List.of(device), List.of());

        assertEquals(200, collect().status());
    }

    @Test
    void aRemovedDeviceHasNoneWhateverItsTokenSays() throws Throwable {
        put(2, List.of(DeviceId.of(7)), List.of(device));

        assertEquals("device-revoked", collect().problem());
    }

    @Test
    void aDeviceThatTheListLacksHasNoneEither() throws Throwable {
        put(2, List.of(DeviceId.of(7)), List.of());

        assertEquals("device-revoked", collect().problem());
    }

    @Test
    void theSameTwiceIsTheSameOnce() throws Throwable {
        put(2, List.of(device), List.of(DeviceId.of(7)));
        put(2, List.of(device), List.of(DeviceId.of(7)));

        assertEquals(200, collect().status());
    }

    @Test
    void anOlderListThatComesLateChangesNothing() throws Throwable {
        put(3, List.of(DeviceId.of(7)), List.of(device));
        put(2, List.of(device), List.of());

        assertEquals("device-revoked", collect().problem());
    }

    @Test
    void aListThatContradictsItselfIsRefused() {
        assertThrows(Exception.class, () -> put(2, List.of(device), List.of(device)));
    }

    @Test
    void aListWithoutDevicesIsRefused() {
        assertThrows(Exception.class, () -> put(2, List.of(), List.of(device)));
    }

    /** Though auth-service, which is asked, still lists its device here. */
    @Test
    void anAccountThatEndsHasNoMailbox() throws Throwable {
        end();
        end();

        assertEquals("device-revoked", collect().problem());
    }

    @Test
    void aListThatComesAfterTheEndChangesNothing() throws Throwable {
        end();

        put(2, List.of(device), List.of());

        assertEquals("device-revoked", collect().problem());
    }

    private void end() throws Throwable {
        answer(() -> directory().end(account));
    }

    private void put(long version, List<DeviceId> devices, List<DeviceId> removed) throws Throwable {
        answer(() -> directory().put(account, version, devices, removed));
    }

    private Answer collect() {
        return rest.get("/api/mailbox/v1/collect", token);
    }
}
