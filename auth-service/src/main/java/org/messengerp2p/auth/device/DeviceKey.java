package org.messengerp2p.auth.device;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;
import org.messengerp2p.kit.identity.Device;

/** How the tables name a device. */
@Embeddable
public record DeviceKey(
        @Column(name = "account_id") UUID accountId,
        @Column(name = "device_id") long deviceId) {
    public static DeviceKey of(Device device) {
        return new DeviceKey(device.account().value(), device.device().value());
    }
}
