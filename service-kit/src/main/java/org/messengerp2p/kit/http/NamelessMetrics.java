package org.messengerp2p.kit.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Keeps user names and ids out of the metrics. Requests are counted by the template of their path; one that is refused
 * before a resource is found has none, and Quarkus would count it by the path itself, whatever stands in it.
 */
@ApplicationScoped
public class NamelessMetrics {
    /** What the metrics of Quarkus look for. */
    private static final String TEMPLATE = "UrlPathTemplate";

    private static final String NO_RESOURCE = "/refused";

    /** Before whatever refuses. */
    private static final int FIRST = Integer.MAX_VALUE;

    void watch(@Observes Filters filters) {
        filters.register(NamelessMetrics::watch, FIRST);
    }

    private static void watch(RoutingContext call) {
        call.addHeadersEndHandler(done -> {
            Context context = ((HttpServerRequestInternal) call.request()).context();
            if (call.response().getStatusCode() >= 400 && context.getLocal(TEMPLATE) == null) {
                context.putLocal(TEMPLATE, NO_RESOURCE);
            }
        });
        call.next();
    }
}
