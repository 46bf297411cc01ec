package org.messengerp2p.signaling.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

class HeardDevicesTest {

    private final AccountId account = new AccountId(UUID.randomUUID());
    private final HeardDevices heard = new HeardDevices(2);

    @Test
    void forgetsTheOneHeardFromLongestAgo() {
        heard.add(device(1));
        heard.add(device(2));
        heard.add(device(1));
        heard.add(device(3));

        assertTrue(heard.contains(device(1)));
        assertFalse(heard.contains(device(2)));
        assertTrue(heard.contains(device(3)));
    }

    private Device device(long id) {
        return new Device(account, new DeviceId(id));
    }
}
