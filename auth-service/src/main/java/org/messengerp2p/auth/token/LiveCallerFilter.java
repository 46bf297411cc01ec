package org.messengerp2p.auth.token;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.messengerp2p.auth.device.KnownDevice;
import org.messengerp2p.auth.device.KnownDevices;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Caller;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.kit.problem.ProblemResponse;

/** Refuses callers that {@link LiveCaller} keeps out. */
@ApplicationScoped
public class LiveCallerFilter {
    private final CurrentIdentityAssociation identities;
    private final KnownDevices devices;
    private final PendingTokens pending;

    LiveCallerFilter(CurrentIdentityAssociation identities, KnownDevices devices, PendingTokens pending) {
        this.identities = identities;
        this.devices = devices;
        this.pending = pending;
    }

    @ServerRequestFilter
    @LiveCaller
    public Uni<Response> check() {
        return identities
                .getDeferredIdentity()
                .chain(this::refusal)
                .map(refusal -> refusal == null ? null : ProblemResponse.of(refusal));
    }

    private Uni<ProblemException> refusal(SecurityIdentity identity) {
        if (identity.hasRole(Audience.AUTH)) {
            return devices.of(Caller.of(identity).requireDevice())
                    .map(found -> found.filter(KnownDevice::listed).isPresent() ? null : revoked());
        }
        if (identity.hasRole(Audience.AUTH_PENDING)) {
            return pending.isAlive(Caller.of(identity)).map(alive -> alive ? null : ended());
        }
        return Uni.createFrom().nullItem();
    }

    private static ProblemException revoked() {
        return ProblemException.of(CommonProblem.DEVICE_REVOKED, "The device is not listed any more.");
    }

    private static ProblemException ended() {
        return ProblemException.of(CommonProblem.TOKEN_INVALID, "The token is not valid here.");
    }
}
