package org.messengerp2p.mailbox;

import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/** An envelope as a test sends it. */
public record Addressed(DeviceId device, byte[] envelope) {

    public static Addressed to(Device device, byte[] envelope) {
        return new Addressed(device.device(), envelope);
    }
}
