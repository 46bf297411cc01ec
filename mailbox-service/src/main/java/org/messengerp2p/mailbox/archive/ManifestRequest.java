package org.messengerp2p.mailbox.archive;

import jakarta.annotation.Nullable;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Body of {@code PUT /archive/{device_id}/{gen}/manifest}.
 *
 * @param manNo one greater than that of the manifest that it replaces, from 1 to 2^53 − 1
 * @param manifest sealed by the device
 * @param drop segments of this series that go in the same transaction
 */
record ManifestRequest(
        @Schema(ref = "ManifestNumber") long manNo,
        @Schema(ref = "SealedSegment") byte[] manifest,
        @Nullable @Schema(ref = "Revisions") List<Revision> drop) {

    static final int MAX_DROP = 4096;

    ManifestRequest {
        if (manNo < 1 || manNo > Place.MAX_NUMBER || manifest == null || manifest.length == 0) {
            throw new IllegalArgumentException("a manifest has a number and bytes");
        }
        if (drop != null && drop.contains(null)) {
            throw new IllegalArgumentException("what is dropped has a name");
        }
        drop = drop == null ? List.of() : drop;
    }
}
