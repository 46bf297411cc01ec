package org.messengerp2p.signaling.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryShareTest {

    private final MemoryShare whole = new MemoryShare(800);
    private final MemoryShare part = whole.part(0);

    @Test
    void aPartIsAQuarterAndCountsInTheWhole() {
        assertTrue(part.take(200));
        assertFalse(part.take(1));

        assertEquals(200, whole.held());
        assertTrue(whole.take(600));
        part.giveBack(200);
        assertEquals(600, whole.held());
    }

    @Test
    void aPartMayHoldWhatItNeedsAtLeastAndNeverMoreThanIsLeft() {
        MemoryShare other = whole.part(500);
        assertTrue(whole.take(400));

        assertFalse(other.take(500));

        assertEquals(0, other.held());
        assertEquals(400, whole.held());
        assertTrue(other.take(400));
    }

    @Test
    void leavesAnEighthOfPartAndWholeForWhatCountsMore() {
        assertFalse(part.takeForOthers(176));
        assertTrue(part.takeForOthers(175));
        assertTrue(part.take(25));

        assertTrue(whole.take(450));
        assertFalse(whole.part(0).takeForOthers(51));
        assertTrue(whole.part(0).takeForOthers(50));
    }

    @Test
    void isTightWhereMoreThanHalfOfPartOrWholeIsTaken() {
        part.take(100);
        assertFalse(part.isTight());
        part.take(1);
        assertTrue(part.isTight());
        assertFalse(whole.part(0).isTight());

        whole.take(300);
        assertTrue(whole.part(0).isTight());
    }
}
