package org.messengerp2p.auth.transparency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 6962 §2.1; the recomputation of whole trees is the tests' own ({@link MerkleTree}). */
class FrontierTest {
    /** Inputs and roots of the reference implementation of RFC 6962 (google/certificate-transparency). */
    private static final List<String> INPUTS =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void hasTheRootsOfTheReferenceImplementation() {
        List<byte[]> inputs = INPUTS.stream().map(HexFormat.of()::parseHex).toList();
        for (int size = 0; size <= inputs.size(); size++) {
            byte[] expected = HexFormat.of().parseHex(ROOTS.get(size));
            assertArrayEquals(expected, MerkleTree.root(inputs.subList(0, size)), "the tests' own, " + size);
            assertArrayEquals(
                    expected, Frontier.EMPTY.with(inputs.subList(0, size)).root(), "of " + size);
        }
    }

    @Test
    void hasTheRootOfEveryTree() {
        Random random = new Random(1);
        List<byte[]> leaves = new ArrayList<>();
        Frontier oneByOne = Frontier.EMPTY;
        for (int size = 1; size <= 300; size++) {
            byte[] leaf = new byte[53];
            random.nextBytes(leaf);
            leaves.add(leaf);
            oneByOne = oneByOne.with(List.of(leaf));
            assertEquals(size, oneByOne.size());
            assertArrayEquals(MerkleTree.root(leaves), oneByOne.root(), "of " + size);
        }
        Frontier atOnce = Frontier.EMPTY.with(leaves);

        assertArrayEquals(oneByOne.encodedPeaks(), atOnce.encodedPeaks());
        assertArrayEquals(
                oneByOne.root(), Frontier.of(300, oneByOne.encodedPeaks()).root());
    }

    @Test
    void refusesPeaksThatDoNotFitTheSize() {
        assertThrows(IllegalArgumentException.class, () -> Frontier.of(3, new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> Frontier.of(1, new byte[33]));
        assertThrows(IllegalArgumentException.class, () -> Frontier.of(-1, new byte[64 * 32]));
    }
}
