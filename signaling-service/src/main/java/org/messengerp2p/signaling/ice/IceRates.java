package org.messengerp2p.signaling.ice;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.kit.limit.TokenBuckets;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.signaling.SignalingSettings;

/** How often a device may ask. It is not given more TURN names by that. */
@ApplicationScoped
class IceRates {

    private static final int MOST_DEVICES = 100_000;

    private final TokenBuckets<Device> byDevice;

    IceRates(SignalingSettings settings) {
        this.byDevice = new TokenBuckets<>(
                Limit.per(Duration.ofHours(1), settings.limits().icePerHour()), MOST_DEVICES);
    }

    /** @throws ProblemException rate-limited, with the time to wait */
    void take(Device device) {
        byDevice.take(device).ifPresent(wait -> {
            throw ProblemException.retryAfter(
                    CommonProblem.RATE_LIMITED, "Too many requests; wait before the next.", wait);
        });
    }
}
