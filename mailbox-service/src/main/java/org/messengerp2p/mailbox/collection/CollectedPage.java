package org.messengerp2p.mailbox.collection;

import jakarta.annotation.Nullable;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.http.LongAnswer;
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
record CollectedPage(
        @Schema(maxItems = CollectedPage.MAX_ITEMS) List<Item> items,
        @Nullable @Schema(ref = "Cursor") String next,
        boolean drained,
        @Schema(minimum = "0") long expired)
        implements LongAnswer {

    static final int MAX_ITEMS = 100;

    /** Of envelopes: fifty of the longest. What a page holds in memory is a multiple of it ({@code LongAnswers}). */
    static final long MAX_BYTES = 50 * 40_960;

    /** @param id by which it is acknowledged */
    @Schema(name = "WaitingEnvelope")
    record Item(EnvelopeId id, @Schema(ref = "Envelope") byte[] envelope) {}
}
