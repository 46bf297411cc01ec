package org.messengerp2p.standalone.inprocess;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.auth.device.PublishedDeviceLists;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.mailbox.delivery.DeviceDirectoryEntry;
import org.messengerp2p.mailbox.delivery.DeviceLists;

/** mailbox-service asks auth-service for the devices of an account. */
@ApplicationScoped
public class LocalDeviceLists implements DeviceLists {

    private final PublishedDeviceLists published;

    LocalDeviceLists(PublishedDeviceLists published) {
        this.published = published;
    }

    @Override
    public Uni<Optional<DeviceDirectoryEntry>> of(AccountId account) {
        return published
                .of(account)
                .map(found -> found.map(list -> new DeviceDirectoryEntry(list.listVersion(), list.devices())));
    }
}
