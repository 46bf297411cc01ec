package org.messengerp2p.auth.password;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import org.messengerp2p.auth.token.LiveCaller;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.limit.AddressPrefix;

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
    @RolesAllowed({Audience.AUTH, Audience.AUTH_PENDING})
    public Uni<PasswordAnswer> put(PasswordRequest request, HttpServerRequest call) {
        return change.change(Caller.of(identity), request, AddressPrefix.of(call.remoteAddress()))
                .map(PasswordAnswer::new);
    }

    record PasswordAnswer(long vaultVersion) {}
}
