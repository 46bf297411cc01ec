package org.messengerp2p.auth.vault;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;

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
    public Uni<Vaults.Current> vault() {
        return vaults.of(Caller.of(identity).account());
    }

    @PUT
    @RolesAllowed(Audience.AUTH)
    public Uni<Void> replace(VaultRequest request) {
        return vaults.replace(Caller.of(identity).account(), request.vault());
    }

    record VaultRequest(byte[] vault) {
        VaultRequest {
            if (vault == null) {
                throw new IllegalArgumentException("vault is needed");
            }
        }
    }
}
