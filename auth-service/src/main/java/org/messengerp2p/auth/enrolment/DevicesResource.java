package org.messengerp2p.auth.enrolment;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Optional;
import org.messengerp2p.auth.prekey.PrekeyBatch;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;

/** PUT /devices. */
@Path("/api/auth/v1/devices")
@LiveCaller
public class DevicesResource {
    private final DeviceListChange change;
    private final SecurityIdentity identity;

    DevicesResource(DeviceListChange change, SecurityIdentity identity) {
        this.change = change;
        this.identity = identity;
    }

    @PUT
    @RolesAllowed({Audience.AUTH, Audience.AUTH_PENDING})
    public Uni<DevicesAnswer> put(DevicesRequest request) {
        return change.change(Caller.of(identity), request.dlc(), Optional.ofNullable(request.prekeys()))
                .map(DevicesAnswer::new);
    }

    record DevicesRequest(byte[] dlc, List<byte[]> prekeys) {
        DevicesRequest {
            if (dlc == null) {
                throw new IllegalArgumentException("dlc is needed");
            }
            if (prekeys != null) {
                PrekeyBatch.requireCount(prekeys);
            }
        }
    }

    record DevicesAnswer(long listVersion) {}
}
