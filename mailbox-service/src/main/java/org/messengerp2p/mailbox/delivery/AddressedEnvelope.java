package org.messengerp2p.mailbox.delivery;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.identity.DeviceId;

/** One envelope for one device of the recipient account. */
record AddressedEnvelope(
        DeviceId deviceId, @Schema(ref = "Envelope") byte[] envelope) {

    AddressedEnvelope {
        if (deviceId == null || envelope == null || envelope.length == 0) {
            throw new IllegalArgumentException("an envelope has a device and bytes");
        }
    }
}
