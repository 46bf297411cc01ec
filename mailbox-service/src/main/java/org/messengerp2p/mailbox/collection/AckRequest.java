package org.messengerp2p.mailbox.collection;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.mailbox.EnvelopeId;

/** Body of {@code POST /ack}. Ids that are not known are ignored. */
record AckRequest(@Schema(maxItems = MAX_IDS) List<EnvelopeId> ids) {

    static final int MAX_IDS = 200;

    AckRequest {
        if (ids == null || ids.contains(null)) {
            throw new IllegalArgumentException("an acknowledgement names envelopes");
        }
    }
}
