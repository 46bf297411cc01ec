package org.messengerp2p.auth.password;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;

/** PUT /password. */
@Path("/api/auth/v1/password")
@LiveCaller
public class PasswordResource {
    private final PasswordChange change;
    private final SecurityIdentity identity;

    PasswordResource(PasswordChange change, SecurityIdentity identity) {
        this.change = change;
        this.identity = identity;
    }

    @PUT
    @Operation(
            operationId = "changePassword",
            summary = "Sets a new password, new keys of the vault, a new code or none")
    @Refuses(
            value = {AuthProblem.CREDENTIALS_WRONG, AuthProblem.VAULT_VERSION, AuthProblem.VAULT_HEADER},
            common = {CommonProblem.PENDING_TOKEN, CommonProblem.RATE_LIMITED, CommonProblem.BUSY})
    @RolesAllowed({Audience.AUTH, Audience.AUTH_PENDING})
    public Uni<PasswordAnswer> put(PasswordRequest request, @Context HttpServerRequest call) {
        return change.change(Caller.of(identity), request, AddressPrefix.of(call.remoteAddress()))
                .map(PasswordAnswer::new);
    }

    record PasswordAnswer(@Schema(ref = "Version") long vaultVersion) {}
}
