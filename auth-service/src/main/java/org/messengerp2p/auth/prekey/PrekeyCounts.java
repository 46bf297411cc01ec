package org.messengerp2p.auth.prekey;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One-time keys that a device has left, by which it knows when to refill. */
public record PrekeyCounts(
        @Schema(minimum = "0", maximum = "200") int nOpk,
        @Schema(minimum = "0", maximum = "80") int nPqo) {}
