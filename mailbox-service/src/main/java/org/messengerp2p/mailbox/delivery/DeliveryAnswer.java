package org.messengerp2p.mailbox.delivery;

import java.util.List;
import org.messengerp2p.kit.identity.DeviceId;

/** Answer to a delivery: one result an envelope, in the order of the request. */
record DeliveryAnswer(List<Result> results) {

    /** @param state {@code stored} or {@code full} */
    record Result(DeviceId deviceId, String state) {}
}
