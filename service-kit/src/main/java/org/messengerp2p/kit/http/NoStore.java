package org.messengerp2p.kit.http;

import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Nothing is kept by a browser or a proxy unless its resource says so (MP2P/1 §20). */
public class NoStore {
    @ServerResponseFilter
    public void forbid(ContainerResponseContext answer) {
        MultivaluedMap<String, Object> headers = answer.getHeaders();
        if (!headers.containsKey(HttpHeaders.CACHE_CONTROL)) {
            headers.putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        }
    }
}
