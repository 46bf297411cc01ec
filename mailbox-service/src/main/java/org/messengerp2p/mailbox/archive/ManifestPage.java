package org.messengerp2p.mailbox.archive;

import jakarta.annotation.Nullable;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.http.LongAnswer;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * Answer to {@code GET /archive/manifests}.
 *
 * @param next where the next page begins; null at the end
 */
record ManifestPage(
        List<Item> manifests,
        @Nullable @Schema(ref = "Place") String next) implements LongAnswer {

    /** @param manifest null where the server has no key that opens it: its writer replaces it by the next number */
    @Schema(name = "ArchivedManifest")
    record Item(
            DeviceId deviceId,
            @Schema(ref = "Generation") long gen,
            @Schema(ref = "ManifestNumber") long manNo,
            @Nullable @Schema(ref = "SealedSegment") byte[] manifest) {}
}
