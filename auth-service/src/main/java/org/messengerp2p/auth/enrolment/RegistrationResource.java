package org.messengerp2p.auth.enrolment;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.ServerDescription;
import org.messengerp2p.auth.ServerSettings;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Charge;
import org.messengerp2p.auth.limit.LastingLimits;
import org.messengerp2p.auth.transparency.TreeHeads;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;

/** POST /accounts. */
@Path("/api/auth/v1/accounts")
public class RegistrationResource {
    private static final int CREATED = 201;

    private final Registration registration;
    private final TreeHeads heads;
    private final LastingLimits limits;
    private final ServerDescription server;

    RegistrationResource(Registration registration, TreeHeads heads, LastingLimits limits, ServerSettings server) {
        this.registration = registration;
        this.heads = heads;
        this.limits = limits;
        this.server = ServerDescription.of(server);
    }

    @POST
    @ResponseStatus(CREATED)
    @Operation(operationId = "register", summary = "Makes an account with its first device")
    @Refuses(
            value = {
                AuthProblem.USERNAME_TAKEN,
                AuthProblem.DLC_INVALID,
                AuthProblem.PREKEY_INVALID,
                AuthProblem.VAULT_HEADER
            },
            common = {CommonProblem.RATE_LIMITED, CommonProblem.BUSY})
    public Uni<RegistrationAnswer> register(RegistrationRequest request, @Context HttpServerRequest call) {
        AddressPrefix address = AddressPrefix.of(call.remoteAddress());
        return limits.take(Charge.of(AuthLimit.REGISTRATIONS_BY_ADDRESS, address))
                .chain(() -> registration.register(request))
                .chain(account -> heads.current().map(head -> new RegistrationAnswer(account, head.encoded(), server)));
    }

    /** @param sth a head over the new account's leaves */
    record RegistrationAnswer(
            AccountId accountId, @Schema(ref = "TreeHead") byte[] sth, ServerDescription server) {}
}
