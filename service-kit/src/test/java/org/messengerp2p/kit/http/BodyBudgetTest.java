package org.messengerp2p.kit.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.limit.AddressPrefix;

class BodyBudgetTest {

    private static final AddressPrefix HERE = new AddressPrefix(1, false);
    private static final AddressPrefix THERE = new AddressPrefix(2, false);
    private static final AddressPrefix ELSEWHERE = new AddressPrefix(3, false);

    private final BodyBudget budget = new BodyBudget(100, 60);

    @Test
    void oneAddressTakesNoMoreThanItsShare() {
        assertTrue(budget.take(HERE, 60));

        assertFalse(budget.take(HERE, 1));
        assertTrue(budget.take(THERE, 40));
    }

    @Test
    void allTogetherTakeNoMoreThanThereIs() {
        assertTrue(budget.take(HERE, 50));
        assertTrue(budget.take(THERE, 50));

        assertFalse(budget.take(ELSEWHERE, 1));
    }

    @Test
    void whatIsRefusedTakesNothing() {
        budget.take(HERE, 60);
        budget.take(HERE, 10);

        assertEquals(60, budget.held());
    }

    @Test
    void whatIsGivenBackIsThereAgainAndTheAddressForgotten() {
        budget.take(HERE, 30);
        budget.take(HERE, 30);
        budget.giveBack(HERE, 30);
        assertTrue(budget.take(HERE, 10));
        budget.giveBack(HERE, 30);
        budget.giveBack(HERE, 10);

        assertEquals(0, budget.held());
        assertEquals(0, budget.addresses());
    }

    @Test
    void largeBodiesLeaveAQuarterToSmallOnes() {
        long small = BodyBudget.SMALL;
        BodyBudget large = new BodyBudget(8 * small, 8 * small);
        assertTrue(large.take(HERE, 3 * small));
        assertTrue(large.take(HERE, 3 * small));

        assertFalse(large.take(HERE, small + 1));
        assertTrue(large.take(HERE, small));
        assertTrue(large.take(HERE, small));
        assertFalse(large.take(HERE, 1));
    }

    @Test
    void aBodyIsDueAfterTheGraceAndThenByTheSecond() {
        assertEquals(0, due(10));
        assertEquals(1, due(10.5));
        assertEquals(1 + 5 * 16, due(15));
    }

    private static long due(double seconds) {
        return BodyInHand.due((long) (seconds * 1e9), Duration.ofSeconds(10), 16);
    }
}
