package org.messengerp2p.mailbox.collection;

import java.util.List;
import org.messengerp2p.mailbox.EnvelopeId;

/**
 * Answer to {@code GET /collect}.
 *
 * @param items in the order in which they were stored
 * @param next cursor behind the last item; null where there is none
 * @param drained whether nothing waited behind these items when the statement began
 * @param expired envelopes of the device that have expired since it was listed; never falls, so the device tells its
 *     user the difference to what it has told
 */
record CollectedPage(List<Item> items, String next, boolean drained, long expired) {

    /** @param id by which it is acknowledged */
    record Item(EnvelopeId id, byte[] envelope) {}
}
