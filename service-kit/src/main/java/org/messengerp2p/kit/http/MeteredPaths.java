package org.messengerp2p.kit.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Gives what is no call one name in the metrics. Left alone, a path by which a call is missed, as by another method, is
 * metered as it was written: with the user names and account ids in it, and as many as somebody cares to send.
 */
@ApplicationScoped
public class MeteredPaths {
    // Before all that could refuse a request.
    private static final int FIRST = 10_000;

    /** Under which Quarkus' meters look for the template of a path; the call that matches puts its own there. */
    private static final String TEMPLATE = "UrlPathTemplate";

    private static final String CALLS = "/api/";
    private static final String OTHER = "/api/other";

    void name(@Observes Filters filters) {
        filters.register(this::nameCall, FIRST);
    }

    private void nameCall(RoutingContext call) {
        Context request = Vertx.currentContext();
        if (call.request().path().startsWith(CALLS) && request != null) {
            request.putLocal(TEMPLATE, OTHER);
        }
        call.next();
    }
}
