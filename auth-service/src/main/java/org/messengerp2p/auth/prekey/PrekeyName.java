package org.messengerp2p.auth.prekey;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;
import org.messengerp2p.kit.identity.Device;

/** How the tables name a prekey. */
@Embeddable
record PrekeyName(
        @Column(name = "account_id") UUID accountId,
        @Column(name = "device_id") long deviceId,
        @Column(name = "kind") short kind,
        @Column(name = "key_id") long keyId) {
    static PrekeyName of(Device device, PrekeyRecord record) {
        return new PrekeyName(
                device.account().value(), device.device().value(), record.kind().code(), record.keyId());
    }
}
