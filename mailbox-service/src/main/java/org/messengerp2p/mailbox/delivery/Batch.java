package org.messengerp2p.mailbox.delivery;

import java.util.List;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;

/**
 * What one request brings to one account, by a delivery token or from a device that has signed in.
 *
 * @param token by which it comes; empty where the sender has signed in
 * @param sender who must be listed when its group begins; empty where it comes by a token
 */
record Batch(
        AccountId to,
        long listVersion,
        List<AddressedEnvelope> envelopes,
        Optional<DeliveryTokenHash> token,
        Optional<Device> sender) {

    static Batch by(DeliveryTokenHash token, AccountId to, long listVersion, List<AddressedEnvelope> envelopes) {
        return new Batch(to, listVersion, envelopes, Optional.of(token), Optional.empty());
    }

    static Batch from(Device sender, AccountId to, long listVersion, List<AddressedEnvelope> envelopes) {
        return new Batch(to, listVersion, envelopes, Optional.empty(), Optional.of(sender));
    }

    /** Whether it comes by {@code messages} from another account, which may fill half a mailbox only. */
    boolean limited() {
        return sender.isPresent() && !sender.get().account().equals(to);
    }
}
