package org.messengerp2p.signaling.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SendBudgetTest {

    private static final int BYTES = 1 << 20;

    private final SendBudget budget = new SendBudget(BYTES);

    @Test
    void refusesWhatWouldExceedItAndTakesItAfterSomethingLeft() {
        int quarter = BYTES / 4;
        assertTrue(budget.takeForOthers(quarter));
        assertTrue(budget.takeForOthers(quarter));
        assertTrue(budget.takeForOthers(quarter));
        assertFalse(budget.takeForOthers(quarter));

        budget.giveBack(quarter);

        assertTrue(budget.takeForOthers(quarter));
    }

    @Test
    void keepsRoomForTheServersOwnWords() {
        while (budget.takeForOthers(100)) {
            // Others fill what they may.
        }

        assertTrue(budget.takeForServer(100_000));
        assertFalse(budget.takeForServer(100_000));
    }

    @Test
    void countsWhatAnEmptyFrameHoldsToo() {
        int frames = 0;
        while (budget.takeForServer(0)) {
            frames++;
        }

        assertTrue(frames <= BYTES / SendBudget.FRAME_OVERHEAD);
    }

    @Test
    void isHalfEmptyAgainOnceHalfHasLeft() {
        int most = BYTES / 8 * 7;
        assertTrue(budget.takeForOthers(most / 2));
        assertFalse(budget.isHalfEmpty());

        budget.giveBack(most / 2);

        assertTrue(budget.isHalfEmpty());
    }
}
