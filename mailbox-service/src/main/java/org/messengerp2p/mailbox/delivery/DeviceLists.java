package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;

/** auth-service, which alone writes device lists (architecture: "Between services"). */
public interface DeviceLists {

    /** @return empty for an account that does not exist; fails if auth-service cannot be asked */
    Uni<Optional<DeviceDirectoryEntry>> of(AccountId account);
}
