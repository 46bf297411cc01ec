package org.messengerp2p.signaling.ice;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.messengerp2p.kit.identity.Audience;

/** ICE configuration for the browser's peer connection. */
@Path("/api/signaling/v1/ice")
@RolesAllowed(Audience.SIGNALING)
public class IceResource {

    private final IceServers servers;

    IceResource(IceServers servers) {
        this.servers = servers;
    }

    @GET
    @NonBlocking
    public RestResponse<IceConfiguration> ice() {
        return ResponseBuilder.ok(servers.now())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
