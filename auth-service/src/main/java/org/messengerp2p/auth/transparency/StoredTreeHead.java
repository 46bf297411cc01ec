package org.messengerp2p.auth.transparency;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** The newest tree head that anybody was shown: one row. */
@Entity
@Table(name = "tree_head")
class StoredTreeHead {
    @Id
    @Column(name = "only_row")
    private boolean onlyRow;

    @Column(name = "size")
    private long size;

    @Column(name = "ms")
    private long ms;

    @Column(name = "root")
    private byte[] root;

    @Column(name = "signature")
    private byte[] signature;

    @Column(name = "signed_at")
    private Instant signedAt;

    protected StoredTreeHead() {}

    TreeHead head() {
        return new TreeHead(size, ms, root.clone(), signature.clone());
    }

    Instant signedAt() {
        return signedAt;
    }
}
