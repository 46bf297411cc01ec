package org.messengerp2p.signaling.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.messengerp2p.signaling.connection.SendBudget.Room;

class SendBudgetTest {

    private static final int BYTES = 1 << 20;

    private final SendBudget budget = new SendBudget(BYTES, new MemoryShare(8L * BYTES));

    @Test
    void refusesWhatWouldExceedItAndTakesItAfterSomethingLeft() {
        int quarter = BYTES / 4;
        assertEquals(Room.TAKEN, budget.takeForOthers(quarter));
        assertEquals(Room.TAKEN, budget.takeForOthers(quarter));
        assertEquals(Room.TAKEN, budget.takeForOthers(quarter));
        assertEquals(Room.QUEUE_FULL, budget.takeForOthers(quarter));

        budget.giveBack(quarter);

        assertEquals(Room.TAKEN, budget.takeForOthers(quarter));
    }

    @Test
    void theLeastBudgetForAFrameHasRoomForIt() {
        for (int length = 0; length < 100_000; length += 7_777) {
            SendBudget least = new SendBudget(SendBudget.leastFor(length), new MemoryShare(BYTES));
            assertEquals(Room.TAKEN, least.takeForOthers(length), "of " + length);
            assertEquals(Room.QUEUE_FULL, least.takeForOthers(0), "and no more than that");
        }
    }

    @Test
    void keepsRoomForTheServersOwnWords() {
        while (budget.takeForOthers(100) == Room.TAKEN) {
            // Others fill what they may.
        }

        assertEquals(Room.TAKEN, budget.takeForServer(100_000));
        assertEquals(Room.QUEUE_FULL, budget.takeForServer(100_000));
    }

    @Test
    void countsWhatAnEmptyFrameHoldsToo() {
        int frames = 0;
        while (budget.takeForServer(0) == Room.TAKEN) {
            frames++;
        }

        assertTrue(frames <= BYTES / SendBudget.FRAME_OVERHEAD);
    }

    @Test
    void refusesWhatAllSocketsTogetherMayNotHoldAndCountsItNowhere() {
        MemoryShare all = new MemoryShare(BYTES);
        SendBudget first = new SendBudget(BYTES, all);
        SendBudget second = new SendBudget(BYTES, all);
        assertEquals(Room.TAKEN, first.takeForOthers(BYTES / 2));

        assertEquals(Room.MEMORY_FULL, second.takeForOthers(BYTES / 2));
        assertEquals(0, second.held());
        assertEquals(Room.TAKEN, second.takeForServer(BYTES / 2 - 2 * SendBudget.FRAME_OVERHEAD));
        first.giveBack(BYTES / 2);
        second.giveBack(BYTES / 2 - 2 * SendBudget.FRAME_OVERHEAD);

        assertEquals(0, all.held());
        assertEquals(Room.TAKEN, second.takeForOthers(BYTES / 2));
    }

    @Test
    void whoHoldsNextToNothingCanBeToldSomethingHoweverMuchAllHold() {
        MemoryShare all = new MemoryShare(BYTES);
        all.take(BYTES);
        SendBudget idle = new SendBudget(BYTES, all);
        int frame = SendBudget.SPARED / 4 - SendBudget.FRAME_OVERHEAD;

        assertEquals(Room.TAKEN, idle.takeForServer(frame));
        assertEquals(Room.TAKEN, idle.takeForAnswer(frame));
        assertEquals(Room.MEMORY_FULL, idle.takeForOthers(frame));
        assertEquals(Room.TAKEN, idle.takeForServer(frame));
        assertEquals(Room.TAKEN, idle.takeForServer(frame));
        assertEquals(Room.MEMORY_FULL, idle.takeForServer(frame));

        assertEquals(BYTES + SendBudget.SPARED, all.held());
        idle.giveBack(frame);
        assertEquals(Room.TAKEN, idle.takeForServer(frame));
    }

    @Test
    void whatAPeerProvokesTakesNotTheLastOfTheMemoryOfAll() {
        MemoryShare all = new MemoryShare(BYTES);
        SendBudget provoking = new SendBudget(BYTES, all);
        while (provoking.takeForAnswer(100) == Room.TAKEN) {
            // Until it is closed.
        }

        assertEquals(Room.TAKEN, provoking.takeForServer(BYTES / 16));
    }
}
