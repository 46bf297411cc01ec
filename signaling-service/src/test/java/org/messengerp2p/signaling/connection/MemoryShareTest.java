package org.messengerp2p.signaling.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.messengerp2p.signaling.connection.MemoryShare.Room;

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
        assertEquals(Room.PART_FULL, part.takeForOthers(176));
        assertEquals(Room.TAKEN, part.takeForOthers(175));
        assertTrue(part.take(25));

        assertTrue(whole.take(450));
        MemoryShare other = whole.part(0);
        assertEquals(Room.WHOLE_FULL, other.takeForOthers(51));
        assertEquals(0, other.held());
        assertEquals(Room.TAKEN, other.takeForOthers(50));
        assertEquals(Room.WHOLE_FULL, whole.takeForOthers(1));
    }

    @Test
    void theWholeIsFullWhereItIsNoLargerThanThePart() {
        MemoryShare all = whole.part(800);
        assertEquals(Room.TAKEN, all.takeForOthers(700));

        assertEquals(Room.WHOLE_FULL, all.takeForOthers(1));
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
