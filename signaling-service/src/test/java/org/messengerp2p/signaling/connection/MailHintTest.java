package org.messengerp2p.signaling.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MailHintTest {

    private final MailHint hint = new MailHint();

    @Test
    void makesManyUnsentHintsOneMore() {
        assertTrue(hint.wanted());
        assertFalse(hint.wanted());
        assertFalse(hint.wanted());

        assertTrue(hint.left());
        assertFalse(hint.left());
    }

    @Test
    void aHintAfterOneThatLeftIsSent() {
        assertTrue(hint.wanted());
        assertFalse(hint.left());

        assertTrue(hint.wanted());
    }
}
