package org.messengerp2p.auth.transparency;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A leaf at its place, which it has for ever. */
@Entity
@Table(name = "key_leaf")
class StoredLeaf {
    @Id
    @Column(name = "leaf_index")
    private long index;

    @Column(name = "leaf")
    private byte[] leaf;

    protected StoredLeaf() {}

    StoredLeaf(long index, Leaf leaf) {
        this.index = index;
        this.leaf = leaf.bytes().clone();
    }

    byte[] leaf() {
        return leaf.clone();
    }
}
