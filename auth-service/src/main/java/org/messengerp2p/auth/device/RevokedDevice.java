package org.messengerp2p.auth.device;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/** A device that was removed not long ago. */
@Entity
@Table(name = "revoked_device")
class RevokedDevice {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "serial")
    private Long serial;

    @Column(name = "account_id")
    private UUID accountId;

    @Column(name = "device_id")
    private long deviceId;

    /** By the database alone. */
    @Column(name = "transaction_id", insertable = false, updatable = false)
    private long transactionId;

    @Column(name = "removed_at")
    private Instant removedAt;

    protected RevokedDevice() {}

    RevokedDevice(Device device, Instant removedAt) {
        this.accountId = device.account().value();
        this.deviceId = device.device().value();
        this.removedAt = removedAt;
    }

    long serial() {
        return serial;
    }

    Device device() {
        return new Device(new AccountId(accountId), DeviceId.of(deviceId));
    }
}
