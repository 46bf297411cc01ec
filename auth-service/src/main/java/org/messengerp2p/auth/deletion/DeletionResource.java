package org.messengerp2p.auth.deletion;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.login.ClientSecret;
import org.messengerp2p.auth.login.Proof;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;

/** POST /accounts/me/delete. */
@Path("/api/auth/v1/accounts/me/delete")
@LiveCaller
public class DeletionResource {
    private final AccountDeletion deletion;
    private final SecurityIdentity identity;

    DeletionResource(AccountDeletion deletion, SecurityIdentity identity) {
        this.deletion = deletion;
        this.identity = identity;
    }

    @POST
    @Operation(operationId = "deleteAccount", summary = "Ends the account and everything of it")
    @Refuses(
            value = AuthProblem.CREDENTIALS_WRONG,
            common = {CommonProblem.RATE_LIMITED, CommonProblem.BUSY})
    @RolesAllowed(Audience.AUTH)
    public Uni<Void> delete(DeletionRequest request, @Context HttpServerRequest call) {
        return deletion.delete(
                Caller.of(identity).account(),
                Proof.byPassword(request.proof().authSecret()),
                AddressPrefix.of(call.remoteAddress()));
    }

    /** A token alone ends nothing: whoever finds a browser open has one. */
    record DeletionRequest(PasswordProof proof) {
        DeletionRequest {
            if (proof == null) {
                throw new IllegalArgumentException("proof is needed");
            }
        }
    }

    record PasswordProof(ClientSecret authSecret) {
        PasswordProof {
            if (authSecret == null) {
                throw new IllegalArgumentException("auth_secret is needed");
            }
        }
    }
}
