package org.messengerp2p.mailbox.delivery;

import java.util.List;
import org.messengerp2p.kit.identity.DeviceId;

/** The newest device list of an account, as auth-service tells it: ids without keys. */
public record DeviceDirectoryEntry(long listVersion, List<DeviceId> devices) {

    public DeviceDirectoryEntry {
        if (listVersion < 1 || listVersion > Envelopes.MAX_LIST_VERSION) {
            throw new IllegalArgumentException("a list version is between 1 and 4294967295");
        }
        devices = List.copyOf(devices);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("a list has a device");
        }
    }
}
