package org.messengerp2p.standalone.inprocess;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.messengerp2p.auth.device.MailboxDirectory;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.delivery.DeviceDirectory;

/** auth-service tells mailbox-service a new device list, or the end of an account. */
@ApplicationScoped
public class LocalMailboxDirectory implements MailboxDirectory {

    private final DeviceDirectory directory;

    LocalMailboxDirectory(DeviceDirectory directory) {
        this.directory = directory;
    }

    @Override
    public Uni<Void> put(AccountId account, long listVersion, List<DeviceId> devices, List<DeviceId> removed) {
        return directory.accept(account, listVersion, devices, removed);
    }

    @Override
    public Uni<Void> end(AccountId account) {
        return directory.end(account);
    }
}
