package org.messengerp2p.auth.prekey;

import jakarta.annotation.Nullable;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The ids of what would be handed out now; a lasting key that is missing is null. */
record PrekeyDigest(
        @Nullable @Schema(ref = "KeyId") Long spkId,
        @Nullable @Schema(ref = "KeyId") Long pqlId,
        @Schema(ref = "KeyIds") List<Long> opkIds,
        @Schema(ref = "KeyIds") List<Long> pqoIds) {}
