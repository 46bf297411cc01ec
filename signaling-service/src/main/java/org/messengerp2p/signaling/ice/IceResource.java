package org.messengerp2p.signaling.ice;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.signaling.Refuses;
import org.messengerp2p.signaling.revocation.RevokedDevices;

/** ICE configuration for the browser's peer connection. */
@Path("/api/signaling/v1/ice")
@RolesAllowed(Audience.SIGNALING)
public class IceResource {

    private final IceServers servers;
    private final IceRates rates;
    private final RevokedDevices revoked;
    private final SecurityIdentity identity;

    IceResource(IceServers servers, IceRates rates, RevokedDevices revoked, SecurityIdentity identity) {
        this.servers = servers;
        this.rates = rates;
        this.revoked = revoked;
        this.identity = identity;
    }

    @GET
    @NonBlocking
    @Operation(operationId = "ice", summary = "STUN and TURN servers, with a TURN credential")
    @Refuses(CommonProblem.RATE_LIMITED)
    public IceConfiguration ice() {
        Device device = Caller.of(identity).requireDevice();
        if (revoked.contains(device)) {
            throw ProblemException.of(CommonProblem.DEVICE_REVOKED, "The device is not on the list of its account.");
        }
        rates.take(device);
        return servers.of(device);
    }
}
