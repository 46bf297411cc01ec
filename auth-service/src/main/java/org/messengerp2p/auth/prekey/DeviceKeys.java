package org.messengerp2p.auth.prekey;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.annotation.Nullable;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * Records of one device.
 *
 * @param opk null where none is left, or none for this requester
 * @param pq a one-time ML-KEM key, else the last-resort one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeviceKeys(
        DeviceId deviceId,
        @Schema(ref = "CurvePrekey") byte[] spk,
        @Nullable @Schema(ref = "CurvePrekey") byte[] opk,
        @Schema(ref = "KemPrekey") byte[] pq) {}
