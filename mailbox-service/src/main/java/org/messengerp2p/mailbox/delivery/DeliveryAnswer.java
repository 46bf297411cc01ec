package org.messengerp2p.mailbox.delivery;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.identity.DeviceId;

/** Answer to a delivery: one result an envelope, in the order of the request. */
record DeliveryAnswer(
        @Schema(minItems = 1, maxItems = Envelopes.MAX_COUNT)
        List<Result> results) {

    /** @param state {@code stored} or {@code full} */
    @Schema(name = "DeliveryResult")
    record Result(
            DeviceId deviceId,
            @Schema(enumeration = {"stored", "full"}) String state) {}
}
