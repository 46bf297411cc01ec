package org.messengerp2p.auth.enrolment;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Nullable;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.prekey.PrekeyBatch;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.problem.CommonProblem;

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
    @Operation(operationId = "changeDevices", summary = "Adds and removes devices by the next device list")
    @Refuses(
            value = {AuthProblem.LIST_VERSION, AuthProblem.DLC_INVALID, AuthProblem.PREKEY_INVALID},
            common = {CommonProblem.PENDING_TOKEN, CommonProblem.RATE_LIMITED, CommonProblem.BUSY})
    public Uni<DevicesAnswer> put(DevicesRequest request) {
        return change.change(Caller.of(identity), request.dlc(), Optional.ofNullable(request.prekeys()))
                .map(DevicesAnswer::new);
    }

    record DevicesRequest(
            @Schema(ref = "DeviceList") byte[] dlc,
            @Nullable @Schema(ref = "PrekeyRecords") List<byte[]> prekeys) {
        DevicesRequest {
            if (dlc == null) {
                throw new IllegalArgumentException("dlc is needed");
            }
            if (prekeys != null) {
                PrekeyBatch.requireCount(prekeys);
            }
        }
    }

    record DevicesAnswer(@Schema(ref = "Version") long listVersion) {}
}
