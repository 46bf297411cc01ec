package org.messengerp2p.auth.token;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.messengerp2p.auth.device.KnownDevice;
import org.messengerp2p.auth.device.KnownDevices;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** What a token that verifies does not say: whether its device is still listed, or its sign-in was ended. */
@ApplicationScoped
public class LiveCallers {
    private final KnownDevices devices;
    private final PendingTokens pending;

    LiveCallers(KnownDevices devices, PendingTokens pending) {
        this.devices = devices;
        this.pending = pending;
    }

    /**
     * @param caller by an access token or a PENDING one
     * @throws ProblemException device-revoked; token-invalid for a sign-in that was ended, or an account that is gone
     */
    public Uni<Void> require(Caller caller) {
        return caller.device().isPresent() ? requireListed(caller.requireDevice()) : requirePending(caller);
    }

    /**
     * @param caller by the token of a device that was removed
     * @throws ProblemException token-invalid where the account is gone
     */
    Uni<Void> requireKnown(Caller caller) {
        return known(caller.requireDevice()).replaceWithVoid();
    }

    private Uni<Void> requireListed(Device device) {
        return known(device)
                .invoke(found -> {
                    if (!found.listed()) {
                        throw revoked();
                    }
                })
                .replaceWithVoid();
    }

    /** Of a device that is not even known the account is gone, and with it whoever could be told why. */
    private Uni<KnownDevice> known(Device device) {
        return devices.of(device).map(found -> found.orElseThrow(ProblemException::tokenInvalid));
    }

    private Uni<Void> requirePending(Caller caller) {
        return pending.of(caller)
                .invoke(found -> found.orElseThrow(ProblemException::tokenInvalid))
                .replaceWithVoid();
    }

    private static ProblemException revoked() {
        return ProblemException.of(CommonProblem.DEVICE_REVOKED, "The device is not listed any more.");
    }
}
