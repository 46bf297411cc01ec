package org.messengerp2p.auth.prekey;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Charge;
import org.messengerp2p.auth.limit.LastingLimits;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** Bundles of any account, for users who want to write to it. */
@Path("/api/keys/v1/accounts")
@LiveCaller
@RolesAllowed(Audience.AUTH)
public class BundleResource {
    private final Bundles bundles;
    private final LastingLimits limits;
    private final SecurityIdentity identity;

    BundleResource(Bundles bundles, LastingLimits limits, SecurityIdentity identity) {
        this.bundles = bundles;
        this.limits = limits;
        this.identity = identity;
    }

    /** @param device those wanted; none for all that are listed */
    @GET
    @Path("/{account}/bundle")
    @Operation(operationId = "bundle", summary = "Keys to begin sessions with the devices of an account")
    @Refuses(common = {CommonProblem.MALFORMED, CommonProblem.NOT_FOUND, CommonProblem.RATE_LIMITED})
    public Uni<Bundle> bundle(
            @RestPath AccountId account,
            @Parameter(schema = @Schema(type = SchemaType.ARRAY, implementation = DeviceId.class)) @RestQuery
                    List<String> device) {
        Set<DeviceId> wanted = devices(device);
        AccountId requester = Caller.of(identity).account();
        return limits.take(
                        Charge.of(AuthLimit.BUNDLES_BY_PAIR, requester, account),
                        Charge.of(AuthLimit.BUNDLES_BY_REQUESTER, requester))
                .chain(() -> bundles.handOut(requester, account, wanted))
                .map(found -> found.orElseThrow(BundleResource::unknown));
    }

    private static Set<DeviceId> devices(List<String> written) {
        try {
            return written == null
                    ? Set.of()
                    : written.stream().map(DeviceId::fromString).collect(Collectors.toUnmodifiableSet());
        } catch (IllegalArgumentException noDevice) {
            throw ProblemException.of(CommonProblem.MALFORMED, "A device id is between 1 and 4294967295.");
        }
    }

    private static ProblemException unknown() {
        return ProblemException.of(CommonProblem.NOT_FOUND, "There is no such account.");
    }
}
