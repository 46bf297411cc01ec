package org.messengerp2p.mailbox.archive;

import jakarta.annotation.Nullable;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.http.LongAnswer;

/**
 * Answer to {@code GET /archive/{device_id}/{gen}/segments}: what is there, named by a manifest or not.
 *
 * @param next where the next page begins; null at the end
 */
record SegmentPage(
        @Schema(ref = "Revisions") List<Revision> segments,
        @Nullable @Schema(ref = "Place") String next) implements LongAnswer {}
