package org.messengerp2p.signaling.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MailHintTest {

    private final MailHint hint = new MailHint();
    private final Runnable first = () -> {};
    private final Runnable second = () -> {};
    private final Runnable third = () -> {};

    @Test
    void makesManyUnsentHintsOneMoreAndTellsTheFirstOfThem() {
        assertTrue(hint.wanted(first));
        assertFalse(hint.wanted(second));
        assertFalse(hint.wanted(third));

        assertEquals(Optional.of(second), hint.left());
        assertEquals(Optional.empty(), hint.left());
    }

    @Test
    void aHintAfterOneThatLeftIsSent() {
        assertTrue(hint.wanted(first));
        assertEquals(Optional.empty(), hint.left());

        assertTrue(hint.wanted(second));
    }
}
