package org.messengerp2p.auth.transparency;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;

/** The log as whoever appends to it has to know it: one row, held by one writer at a time. */
@Entity
@Table(name = "key_log")
class LogState {
    @Id
    @Column(name = "only_row")
    private boolean onlyRow;

    @Column(name = "size")
    private long size;

    @Column(name = "peaks")
    private byte[] peaks;

    protected LogState() {}

    Frontier frontier() {
        return Frontier.of(size, peaks);
    }

    /** Grows by these leaves. @return them at their places */
    List<StoredLeaf> append(List<Leaf> leaves) {
        List<StoredLeaf> placed = new ArrayList<>(leaves.size());
        for (Leaf leaf : leaves) {
            placed.add(new StoredLeaf(size + placed.size(), leaf));
        }
        Frontier grown = frontier().with(leaves.stream().map(Leaf::bytes).toList());
        size = grown.size();
        peaks = grown.encodedPeaks();
        return placed;
    }
}
