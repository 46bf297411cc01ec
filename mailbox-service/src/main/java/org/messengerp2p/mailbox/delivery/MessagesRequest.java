package org.messengerp2p.mailbox.delivery;

import java.util.List;
import org.messengerp2p.kit.identity.AccountId;

/**
 * Body of {@code POST /messages}.
 *
 * @param listVersion the version of the recipient's device list that the sender knows
 */
record MessagesRequest(AccountId to, long listVersion, List<AddressedEnvelope> envelopes) {

    MessagesRequest {
        if (to == null) {
            throw new IllegalArgumentException("a message names an account");
        }
        Envelopes.requireWellFormed(listVersion, envelopes);
    }
}
