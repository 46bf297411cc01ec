package org.messengerp2p.auth.enrolment;

import java.time.Clock;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.device.DeviceList;
import org.messengerp2p.auth.prekey.PrekeyBatch;
import org.messengerp2p.auth.wire.FormatException;
import org.messengerp2p.kit.problem.ProblemException;

/** Device lists as they come in. */
final class DeviceListCheck {
    private DeviceListCheck() {}

    /** @throws ProblemException dlc-invalid */
    static DeviceList verified(byte[] encoded, Clock clock) {
        DeviceList list = verified(encoded);
        if (list.latestMs() > clock.instant().plus(PrekeyBatch.CLOCK_TOLERANCE).toEpochMilli()) {
            throw invalid("The list is dated more than 24 hours ahead; is the device's clock right?");
        }
        return list;
    }

    private static DeviceList verified(byte[] encoded) {
        try {
            return DeviceList.verified(encoded);
        } catch (FormatException refused) {
            throw invalid("The device list is refused: " + refused.getMessage() + ".");
        }
    }

    static ProblemException invalid(String detail) {
        return ProblemException.of(AuthProblem.DLC_INVALID, detail);
    }
}
