package org.messengerp2p.auth.vault;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.auth.AuthProblem;
import org.messengerp2p.auth.Refuses;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.problem.CommonProblem;

/** The caller's own vault. */
@Path("/api/auth/v1/vault")
@LiveCaller
public class VaultResource {
    private final Vaults vaults;
    private final SecurityIdentity identity;

    VaultResource(Vaults vaults, SecurityIdentity identity) {
        this.vaults = vaults;
        this.identity = identity;
    }

    @GET
    @RolesAllowed({Audience.AUTH, Audience.AUTH_PENDING})
    @Operation(operationId = "vault", summary = "The caller's vault")
    @Refuses(common = CommonProblem.BUSY)
    public Uni<Vaults.Current> vault() {
        return vaults.of(Caller.of(identity).account());
    }

    @PUT
    @RolesAllowed(Audience.AUTH)
    @Operation(operationId = "replaceVault", summary = "Replaces the caller's vault by its next version")
    @Refuses(
            value = {AuthProblem.VAULT_VERSION, AuthProblem.VAULT_HEADER},
            common = CommonProblem.BUSY)
    public Uni<Void> replace(VaultRequest request) {
        return vaults.replace(Caller.of(identity).account(), request.vault());
    }

    record VaultRequest(@Schema(ref = "Vault") byte[] vault) {
        VaultRequest {
            if (vault == null) {
                throw new IllegalArgumentException("vault is needed");
            }
        }
    }
}
