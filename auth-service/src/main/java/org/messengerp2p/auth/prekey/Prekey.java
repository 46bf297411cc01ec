package org.messengerp2p.auth.prekey;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Arrays;
import org.messengerp2p.kit.identity.Device;

/** A prekey that waits to be handed out. */
@Entity
@Table(name = "prekey")
class Prekey {
    @EmbeddedId
    private PrekeyName name;

    @Column(name = "created_ms")
    private long createdMs;

    @Column(name = "record")
    private byte[] record;

    protected Prekey() {}

    Prekey(Device device, PrekeyRecord uploaded) {
        this.name = PrekeyName.of(device, uploaded);
        this.createdMs = uploaded.createdMs();
        this.record = uploaded.encoded().clone();
    }

    PrekeyName name() {
        return name;
    }

    boolean isOf(PrekeyKind kind) {
        return name.kind() == kind.code();
    }

    long keyId() {
        return name.keyId();
    }

    long createdMs() {
        return createdMs;
    }

    byte[] record() {
        return record.clone();
    }

    boolean hasBytes(PrekeyRecord uploaded) {
        return Arrays.equals(record, uploaded.encoded());
    }
}
