package org.messengerp2p.kit.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.VerifiedTokens.Verified;

class VerifiedTokensTest {
    private final VerifiedTokens tokens = new VerifiedTokens();

    @Test
    void keepsSoManyAndForgetsTheOneNotAskedForLongest() {
        ByteBuffer asked = VerifiedTokens.hash("asked");
        ByteBuffer notAsked = VerifiedTokens.hash("not asked");
        tokens.keep(asked, verified());
        tokens.keep(notAsked, verified());

        for (int i = 2; i <= VerifiedTokens.MOST; i++) {
            tokens.find(asked);
            tokens.keep(VerifiedTokens.hash("token " + i), verified());
        }

        assertEquals(VerifiedTokens.MOST, tokens.size());
        assertTrue(tokens.find(asked).isPresent());
        assertFalse(tokens.find(notAsked).isPresent());
    }

    @Test
    void saysNothingOfWhatItKeeps() {
        assertEquals("Verified[…]", verified().toString());
    }

    private static Verified verified() {
        return new Verified("key", null, new TokenClaims(0, 1), null);
    }
}
