package org.messengerp2p.kit.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.kit.problem.ProblemType;

/**
 * Answers in the RFC 9457 form what no JAX-RS resource ever sees: unknown paths, and bodies that are too large. Also
 * logs what fails there: Quarkus' own line, which names the address and so whoever stands in it, is turned off.
 */
@ApplicationScoped
public class EdgeProblems {
    private static final Logger LOG = Logger.getLogger(EdgeProblems.class);

    // Before Quarkus' own limit, which answers without a body.
    private static final int BEFORE_BODY_LIMIT = 1_000;

    private static final Map<Integer, Refusal> REFUSALS = Map.of(
            400, new Refusal(CommonProblem.MALFORMED, "The request is not well formed."),
            404, new Refusal(CommonProblem.NOT_FOUND, "There is nothing here."),
            405, new Refusal(CommonProblem.METHOD_NOT_ALLOWED, "This method is not allowed here."),
            413, new Refusal(CommonProblem.TOO_LARGE, "The body is larger than this service takes."),
            415, new Refusal(CommonProblem.MEDIA_TYPE, "The body must be application/json."));

    private final long mostBodyBytes;

    EdgeProblems(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize mostBody) {
        this.mostBodyBytes = mostBody.asLongValue();
    }

    private record Refusal(ProblemType type, String detail) {}

    void limitBodies(@Observes Filters filters) {
        filters.register(this::refuseLargeBody, BEFORE_BODY_LIMIT);
    }

    void answerErrors(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(EdgeProblems::log);
        REFUSALS.forEach((status, refusal) -> router.errorHandler(status, call -> answer(call, refusal)));
    }

    private static void log(RoutingContext call) {
        Throwable failure = call.failure();
        if (failure != null && (call.response().ended() || failure instanceof IOException)) {
            // Who sends too much or goes away would fill the log.
            LOG.debug("A request failed after its answer", failure);
        } else if (failure != null) {
            LOG.error("A request failed outside its resource", failure);
        }
        call.next();
    }

    private void refuseLargeBody(RoutingContext call) {
        if (announcedLength(call) <= mostBodyBytes) {
            call.next();
            return;
        }
        // The body is not read, so the connection is of no further use.
        call.response().putHeader(HttpHeaders.CONNECTION, "close");
        answer(call, REFUSALS.get(413));
    }

    private static long announcedLength(RoutingContext call) {
        String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException notANumber) {
            // The HTTP decoder refuses it.
            return 0;
        }
    }

    private static void answer(RoutingContext call, Refusal refusal) {
        answer(call, ProblemException.of(refusal.type(), refusal.detail()));
    }

    /** Does nothing where an answer has begun. */
    static void answer(RoutingContext call, ProblemException problem) {
        ProblemAnswer.write(call.response(), problem);
    }
}
