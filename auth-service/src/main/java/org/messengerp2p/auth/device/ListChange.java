package org.messengerp2p.auth.device;

import java.util.List;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.DeviceId;

/** What an accepted list changed. */
public record ListChange(AccountId account, long listVersion, List<DeviceEntry> added, List<DeviceId> removed) {}
