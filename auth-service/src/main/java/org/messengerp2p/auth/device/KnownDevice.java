package org.messengerp2p.auth.device;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;

/** A device that is, or once was, in its account's list. */
@Entity
@Table(name = "device")
public class KnownDevice {
    @EmbeddedId
    private DeviceKey key;

    @Column(name = "dsk")
    private byte[] dsk;

    @Column(name = "entry")
    private byte[] entry;

    @Column(name = "removed_in")
    private Long removedIn;

    protected KnownDevice() {}

    KnownDevice(Device device, DeviceEntry listed) {
        this.key = DeviceKey.of(device);
        this.dsk = listed.dsk().clone();
        this.entry = listed.signedPart().clone();
    }

    public DeviceId id() {
        return DeviceId.of(key.deviceId());
    }

    /** Its Ed25519 public key, by the last list that had it. */
    public byte[] dsk() {
        return dsk.clone();
    }

    public boolean listed() {
        return removedIn == null;
    }

    void removeIn(long listVersion) {
        this.removedIn = listVersion;
    }
}
