package org.messengerp2p.auth.token;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;

/** Refuses callers that {@link LiveCaller} keeps out. */
@ApplicationScoped
public class LiveCallerFilter {
    private final CurrentIdentityAssociation identities;
    private final LiveCallers callers;

    LiveCallerFilter(CurrentIdentityAssociation identities, LiveCallers callers) {
        this.identities = identities;
        this.callers = callers;
    }

    @ServerRequestFilter
    @LiveCaller
    public Uni<Response> check() {
        return identities.getDeferredIdentity().chain(this::require).map(live -> null);
    }

    private Uni<Void> require(SecurityIdentity identity) {
        if (identity.hasRole(Audience.AUTH) || identity.hasRole(Audience.AUTH_PENDING)) {
            return callers.require(Caller.of(identity));
        }
        return identity.hasRole(Audience.AUTH_REVOKED)
                ? callers.requireKnown(Caller.of(identity))
                : Uni.createFrom().voidItem();
    }
}
