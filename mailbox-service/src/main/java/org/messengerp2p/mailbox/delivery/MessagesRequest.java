package org.messengerp2p.mailbox.delivery;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.identity.AccountId;

/**
 * Body of {@code POST /messages}.
 *
 * @param listVersion the version of the recipient's device list that the sender knows
 */
record MessagesRequest(
        AccountId to,
        @Schema(ref = "Version") long listVersion,

        @Schema(minItems = 1, maxItems = Envelopes.MAX_COUNT, description = "Together at most 1 MiB")
        List<AddressedEnvelope> envelopes) {

    MessagesRequest {
        if (to == null) {
            throw new IllegalArgumentException("a message names an account");
        }
        Envelopes.requireWellFormed(listVersion, envelopes);
    }
}
