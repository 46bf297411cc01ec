package org.messengerp2p.mailbox;

import jakarta.enterprise.context.ApplicationScoped;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.limit.TokenBuckets;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** How often a device may ask for what is its own: generous, against a client that has lost its way. */
@ApplicationScoped
public class DeviceLimits {

    private final TokenBuckets<Device> byDevice;

    DeviceLimits(MailboxSettings settings) {
        this.byDevice =
                new TokenBuckets<>(settings.limits().device(), settings.limits().memory());
    }

    /** @throws ProblemException rate-limited, with the time to wait */
    public void take(Device caller) {
        byDevice.take(caller).ifPresent(wait -> {
            throw ProblemException.retryAfter(
                    CommonProblem.RATE_LIMITED, "Too many requests; wait before the next.", wait);
        });
    }
}
