package org.messengerp2p.auth.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.messengerp2p.auth.wire.Hashes;

/**
 * A Merkle tree of RFC 6962 §2.1 as far as it takes to add leaves and to name the root: the roots of its full
 * subtrees, one for each bit that is set in the number of leaves, the largest subtree first. So both cost its
 * logarithm.
 */
final class Frontier {
    static final Frontier EMPTY = new Frontier(0, List.of());

    static final int HASH_LENGTH = 32;
    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private final long size;
    private final List<byte[]> peaks;

    private Frontier(long size, List<byte[]> peaks) {
        if (size < 0 || peaks.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException("a tree has one peak for each bit of its size");
        }
        this.size = size;
        this.peaks = List.copyOf(peaks);
    }

    /** @param peaks as {@link #encodedPeaks} has made them */
    static Frontier of(long size, byte[] peaks) {
        if (peaks.length % HASH_LENGTH != 0) {
            throw new IllegalArgumentException("a peak has 32 bytes");
        }
        List<byte[]> each = new ArrayList<>();
        for (int at = 0; at < peaks.length; at += HASH_LENGTH) {
            each.add(Arrays.copyOfRange(peaks, at, at + HASH_LENGTH));
        }
        return new Frontier(size, each);
    }

    /** How many leaves the tree has. */
    long size() {
        return size;
    }

    byte[] encodedPeaks() {
        byte[] encoded = new byte[peaks.size() * HASH_LENGTH];
        for (int i = 0; i < peaks.size(); i++) {
            System.arraycopy(peaks.get(i), 0, encoded, i * HASH_LENGTH, HASH_LENGTH);
        }
        return encoded;
    }

    /** This tree with further leaves after its own. */
    Frontier with(Collection<byte[]> leaves) {
        List<byte[]> grown = new ArrayList<>(peaks);
        long count = size;
        for (byte[] leaf : leaves) {
            byte[] subtree = Hashes.sha256(LEAF, leaf);
            // Each bit that is set from the lowest on is a full subtree as large as the new one, left of it.
            for (long bits = count; (bits & 1) == 1; bits >>= 1) {
                subtree = Hashes.sha256(NODE, grown.remove(grown.size() - 1), subtree);
            }
            grown.add(subtree);
            count++;
        }
        return new Frontier(count, grown);
    }

    byte[] root() {
        if (size == 0) {
            return Hashes.sha256();
        }
        int last = peaks.size() - 1;
        byte[] root = peaks.get(last);
        for (int left = last - 1; left >= 0; left--) {
            root = Hashes.sha256(NODE, peaks.get(left), root);
        }
        return root;
    }
}
