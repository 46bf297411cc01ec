package org.messengerp2p.standalone.inprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.mailbox.delivery.DeviceDirectoryEntry;
import org.messengerp2p.mailbox.delivery.DeviceLists;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

/** mailbox-service asks auth-service for the devices of an account. */
abstract class DeviceListsContract extends ContractTest {

    abstract DeviceLists lists();

    @Test
    void anAccountThatDoesNotExistHasNone() throws Throwable {
        assertEquals(Optional.empty(), of(new AccountId(UUID.randomUUID())));
    }

    @Test
    void aNewAccountHasItsFirstDevice() throws Throwable {
        TestAccount account = accounts.newcomer().account();

        assertEquals(
                Optional.of(new DeviceDirectoryEntry(1, List.of(account.device().id()))), of(account.id()));
    }

    @Test
    void theNewestListCounts() throws Throwable {
        SignedIn person = accounts.newcomer();
        TestAccount account = person.account();
        TestDevice second = account.newDevice();
        byte[] list = account.listAfter(account.firstList(), account.device(), second);
        assertEquals(
                200,
                accounts.putDevices(accounts.pendingToken(account), list, second.prekeys(1, 1))
                        .status());

        DeviceDirectoryEntry found = of(account.id()).orElseThrow();

        assertEquals(2, found.listVersion());
        assertEquals(Set.of(account.device().id(), second.id()), Set.copyOf(found.devices()));
    }

    private Optional<DeviceDirectoryEntry> of(AccountId account) throws Throwable {
        return answer(() -> lists().of(account));
    }
}
