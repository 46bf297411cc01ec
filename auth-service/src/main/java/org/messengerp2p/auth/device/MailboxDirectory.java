package org.messengerp2p.auth.device;

import io.smallrye.mutiny.Uni;
import java.util.List;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;

/** mailbox-service's copy of the device lists (architecture: "Between services"). */
public interface MailboxDirectory {
    /**
     * Idempotent; the highest {@code listVersion} wins.
     *
     * @param devices what the list has
     * @param removed devices whose mailboxes end; may name devices of lists that never arrived
     * @return completes when mailbox-service has committed it, fails if that is not known
     */
    Uni<Void> put(AccountId account, long listVersion, List<DeviceId> devices, List<DeviceId> removed);

    /**
     * Deletes everything of an account that has ended, which no list brings back. Idempotent.
     *
     * @return completes when mailbox-service has committed it, fails if that is not known
     */
    Uni<Void> end(AccountId account);
}
