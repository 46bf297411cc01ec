package org.messengerp2p.auth.device;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Arrays;
import java.util.UUID;
import org.messengerp2p.auth.wire.FormatException;

/** One version of an account's device list, as it was accepted. */
@Entity
@Table(name = "device_list")
class StoredList {
    @EmbeddedId
    private Key key;

    @Column(name = "dlc")
    private byte[] dlc;

    protected StoredList() {}

    StoredList(DeviceList list) {
        this.key = new Key(list.account().value(), list.version());
        this.dlc = list.encoded().clone();
    }

    byte[] dlc() {
        return dlc.clone();
    }

    boolean hasBytes(DeviceList list) {
        return Arrays.equals(dlc, list.encoded());
    }

    DeviceList list() {
        try {
            return DeviceList.decoded(dlc);
        } catch (FormatException altered) {
            throw new IllegalStateException("a stored device list does not decode", altered);
        }
    }

    @Embeddable
    record Key(
            @Column(name = "account_id") UUID accountId,
            @Column(name = "list_version") long listVersion) {}
}
