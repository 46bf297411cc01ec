package org.messengerp2p.mailbox.delivery;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.identity.AccountId;

/**
 * Body of {@code POST /deliver}.
 *
 * @param token 16 bytes that the recipient account gives to its contacts (MP2P/1 §6.3)
 * @param listVersion the version of the recipient's device list that the sender knows
 */
record DeliverRequest(
        AccountId to,
        @Schema(ref = "DeliveryToken") byte[] token,
        @Schema(ref = "Version") long listVersion,

        @Schema(minItems = 1, maxItems = Envelopes.MAX_COUNT, description = "Together at most 1 MiB")
        List<AddressedEnvelope> envelopes) {

    private static final int TOKEN_LENGTH = 16;

    DeliverRequest {
        if (to == null || token == null || token.length != TOKEN_LENGTH) {
            throw new IllegalArgumentException("a delivery names an account and shows a token of 16 bytes");
        }
        Envelopes.requireWellFormed(listVersion, envelopes);
    }
}
