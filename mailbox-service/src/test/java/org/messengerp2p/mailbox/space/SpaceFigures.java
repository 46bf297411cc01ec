package org.messengerp2p.mailbox.space;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** Takes minutes; docs/operations.md gives the figures. */
@QuarkusTest
@TestProfile(PassingEnvelopes.NoRates.class)
class SpaceFigures extends PassingEnvelopes {

    @Test
    void aMillionOf1KiB() throws Exception {
        pass(Integer.getInteger("envelopes", 1_000_000), 1024);
    }

    @Test
    void aHundredThousandOf8KiBWhichLieOutsideTheTable() throws Exception {
        pass(Integer.getInteger("envelopes", 1_000_000) / 10, 8 * 1024);
    }
}
