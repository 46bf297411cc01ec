package org.messengerp2p.kit.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body by its announced length, before any of it is read. Quarkus does so too, but without saying why; it
 * remains the one that stops a body of unannounced length.
 */
@ApplicationScoped
public class OversizedBodies {

    /** Before Quarkus' own limit; only the order matters. */
    private static final int PRIORITY = 1000;

    private final long maxBytes;
    private final String problem;

    OversizedBodies(
            @ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "10M") MemorySize max,
            ObjectMapper json)
            throws JsonProcessingException {
        this.maxBytes = max.asLongValue();
        this.problem = json.writeValueAsString(ProblemResponse.body(
                CommonProblem.TOO_LARGE, "The body is larger than any call here takes.", Map.of()));
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext call) {
        if (announced(call) <= maxBytes) {
            call.next();
            return;
        }
        // What of the body is on its way is not worth reading.
        call.response()
                .setStatusCode(CommonProblem.TOO_LARGE.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemResponse.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(problem);
    }

    /** Netty has refused what is no number before. */
    private static long announced(RoutingContext call) {
        String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }
}
