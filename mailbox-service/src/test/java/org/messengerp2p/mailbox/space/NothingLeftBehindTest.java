package org.messengerp2p.mailbox.space;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** A hundred thousand of 1 KiB; {@link SpaceFigures} takes a million, and larger ones. */
@QuarkusTest
@TestProfile(PassingEnvelopes.NoRates.class)
class NothingLeftBehindTest extends PassingEnvelopes {

    @Test
    void deliveredEnvelopesLeaveNoBytes() throws Exception {
        pass(100_000, 1024);
    }
}
