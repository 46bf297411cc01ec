package org.messengerp2p.signaling.revocation;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.messengerp2p.kit.identity.Device;

/**
 * Devices that were removed while a token of theirs may be good. As many as auth-service remembers: each had to sign in
 * before it could be removed, so its limits bound them.
 */
@ApplicationScoped
public class RevokedDevices {

    /** No token lives longer. */
    private static final Duration LONGEST_TOKEN = Duration.ofHours(1);

    private final ConcurrentMap<Device, Instant> untilByDevice = new ConcurrentHashMap<>();
    private final Clock clock;

    RevokedDevices(Clock clock) {
        this.clock = clock;
    }

    /** Whether this device must not be let in, whatever its token says (MP2P/1 §20 point 8). */
    public boolean contains(Device device) {
        return untilByDevice.containsKey(device);
    }

    void add(Device device) {
        untilByDevice.putIfAbsent(device, clock.instant().plus(LONGEST_TOKEN));
    }

    /** Those of which no token can be good any more. */
    void forgetOld() {
        Instant now = clock.instant();
        untilByDevice.values().removeIf(until -> !until.isAfter(now));
    }
}
