package org.messengerp2p.auth.device;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;

/** What other services may ask: which devices an account has now (architecture: "Between services"). */
@ApplicationScoped
public class PublishedDeviceLists {
    private final DeviceLists lists;

    PublishedDeviceLists(DeviceLists lists) {
        this.lists = lists;
    }

    /** @return empty for an account that does not exist */
    public Uni<Optional<Published>> of(AccountId account) {
        return lists.newest(account).map(newest -> newest.map(list -> new Published(list.version(), list.deviceIds())));
    }

    /** The newest list of an account, without keys. */
    public record Published(long listVersion, List<DeviceId> devices) {}
}
