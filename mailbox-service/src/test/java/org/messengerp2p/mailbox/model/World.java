package org.messengerp2p.mailbox.model;

import java.util.List;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.mailbox.Answer;

/** What happens beside the clients' API. */
interface World {

    /** What auth-service answers when it is asked. */
    void authKnows(AccountId account, long listVersion, List<DeviceId> devices);

    /** auth-service hands over a list. */
    Answer tell(AccountId account, long listVersion, List<DeviceId> devices);

    /** Lets the oldest of a mailbox have waited too long, and the service find it. */
    void expire(Device device, int count);
}
