package org.messengerp2p.mailbox.delivery;

import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;

/**
 * What one request brings to one account.
 *
 * @param token by which it comes; empty where the sender has signed in
 * @param limited whether it comes by {@code messages} from another account, which may fill half a mailbox only
 */
record Batch(
        AccountId to,
        long listVersion,
        List<AddressedEnvelope> envelopes,
        Optional<DeliveryTokenHash> token,
        boolean limited) {}
