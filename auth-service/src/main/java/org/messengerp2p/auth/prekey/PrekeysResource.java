package org.messengerp2p.auth.prekey;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.device.KnownDevice;
import org.messengerp2p.auth.device.KnownDevices;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Charge;
import org.messengerp2p.auth.limit.LastingLimits;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** The calling device's own prekeys. */
@Path("/api/keys/v1/prekeys")
@LiveCaller
@RolesAllowed(Audience.AUTH)
public class PrekeysResource {
    private final PrekeyStock stock;
    private final KnownDevices devices;
    private final LastingLimits limits;
    private final BoundedWork work;
    private final Clock clock;
    private final SecurityIdentity identity;

    PrekeysResource(
            PrekeyStock stock,
            KnownDevices devices,
            LastingLimits limits,
            BoundedWork work,
            Clock clock,
            SecurityIdentity identity) {
        this.stock = stock;
        this.devices = devices;
        this.limits = limits;
        this.work = work;
        this.clock = clock;
        this.identity = identity;
    }

    @POST
    @Operation(operationId = "appendPrekeys", summary = "Adds prekeys of the calling device")
    @Refuses(
            value = {AuthProblem.PREKEY_INVALID, AuthProblem.PREKEY_LIMIT},
            common = {CommonProblem.RATE_LIMITED, CommonProblem.BUSY})
    public Uni<PrekeyCounts> append(RecordsRequest request) {
        Device device = device();
        return verified(request, device).chain(batch -> stock.append(device, batch));
    }

    @PUT
    @Operation(operationId = "replacePrekeys", summary = "Replaces all prekeys of the calling device")
    @Refuses(
            value = {AuthProblem.PREKEY_INVALID, AuthProblem.PREKEY_LIMIT},
            common = {CommonProblem.RATE_LIMITED, CommonProblem.BUSY})
    public Uni<PrekeyCounts> replace(RecordsRequest request) {
        Device device = device();
        return verified(request, device).chain(batch -> stock.replace(device, batch));
    }

    @GET
    @Path("/digest")
    @Operation(
            operationId = "prekeyDigest",
            summary = "The ids of the calling device's prekeys that would be handed out now")
    public Uni<PrekeyDigest> digest() {
        return stock.digest(device());
    }

    record RecordsRequest(@Schema(ref = "PrekeyRecords") List<byte[]> records) {
        RecordsRequest {
            PrekeyBatch.requireCount(records);
        }
    }

    private Device device() {
        return Caller.of(identity).requireDevice();
    }

    /** Counted when its signatures are right: a token alone does not use up what a device may upload. */
    private Uni<PrekeyBatch> verified(RecordsRequest request, Device device) {
        return devices.of(device)
                .map(found -> found.map(KnownDevice::dsk).orElseThrow(ProblemException::tokenInvalid))
                .chain(dsk -> work.run(() -> PrekeyBatch.verified(request.records(), device, dsk, clock)))
                .call(() -> limits.take(Charge.of(AuthLimit.PREKEYS_BY_ACCOUNT, device.account())));
    }
}
