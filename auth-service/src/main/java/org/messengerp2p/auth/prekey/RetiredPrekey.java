package org.messengerp2p.auth.prekey;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import org.messengerp2p.auth.wire.Hashes;

/** The id of a prekey that was handed out or replaced and may not come again. */
@Entity
@Table(name = "retired_prekey")
class RetiredPrekey {
    @EmbeddedId
    private PrekeyName name;

    @Column(name = "record_hash")
    private byte[] recordHash;

    @Column(name = "retired_at")
    private Instant retiredAt;

    protected RetiredPrekey() {}

    PrekeyName name() {
        return name;
    }

    boolean hasBytes(PrekeyRecord uploaded) {
        return Arrays.equals(recordHash, Hashes.sha256(uploaded.encoded()));
    }
}
