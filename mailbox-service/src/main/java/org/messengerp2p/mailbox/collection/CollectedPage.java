package org.messengerp2p.mailbox.collection;

import java.util.List;
import org.messengerp2p.mailbox.EnvelopeId;

/**
 * Answer to {@code GET /collect}.
 *
 * @param items in the order in which they were stored
 * @param next cursor behind the last item; null where there is none
 * @param drained whether nothing waited behind these items when the statement began
 * @param expired envelopes that expired since the device collected last
 */
record CollectedPage(List<Item> items, String next, boolean drained, int expired) {

    /** @param id by which it is acknowledged */
    record Item(EnvelopeId id, byte[] envelope) {}
}
