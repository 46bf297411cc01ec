package org.messengerp2p.kit.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.messengerp2p.kit.identity.Audience;

/** Turns every exception that reaches the edge of a service into problem+json; nothing else leaves it. */
public class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    // In one process three services meet, and the path alone tells whose call it is.
    private static final List<String> OF_AUTH_SERVICE = List.of("/api/auth/", "/api/keys/");

    @ServerExceptionMapper
    public Response problem(ProblemException problem) {
        return ProblemResponse.of(problem);
    }

    @ServerExceptionMapper
    public Response unauthenticated(AuthenticationFailedException failure) {
        return tokenInvalid();
    }

    @ServerExceptionMapper
    public Response unauthenticated(UnauthorizedException failure) {
        return tokenInvalid();
    }

    /**
     * A narrow token of auth-service is told there that it is narrow; one of another service is worth nothing here and
     * is told no more.
     */
    @ServerExceptionMapper
    public Response forbidden(ForbiddenException failure, RoutingContext call) {
        if (OF_AUTH_SERVICE.stream().noneMatch(call.normalizedPath()::startsWith)) {
            return tokenInvalid();
        }
        Set<String> roles = call.user() instanceof QuarkusHttpUser user
                ? user.getSecurityIdentity().getRoles()
                : Set.of();
        if (roles.contains(Audience.AUTH_PENDING)) {
            return ProblemResponse.of(CommonProblem.PENDING_TOKEN, "The sign-in has to become a device first.");
        }
        return roles.contains(Audience.AUTH_REVOKED)
                ? ProblemResponse.of(CommonProblem.FORBIDDEN, "The token does not allow this call.")
                : tokenInvalid();
    }

    @ServerExceptionMapper
    public Response malformed(JacksonException failure) {
        return ProblemResponse.of(CommonProblem.MALFORMED, "The body is not the JSON that this call takes.");
    }

    /** As above; named because Quarkus has a mapper of its own for it, which answers in another form. */
    @ServerExceptionMapper
    public Response malformed(MismatchedInputException failure) {
        return malformed((JacksonException) failure);
    }

    /** A fault of ours; named because Quarkus has a mapper of its own for it, which answers without a body. */
    @ServerExceptionMapper
    public Response defect(InvalidDefinitionException failure) {
        return defect((Throwable) failure);
    }

    @ServerExceptionMapper
    public Response other(WebApplicationException failure) {
        // Quarkus wraps a JSON error of the request body in a bare 400.
        return switch (failure.getResponse().getStatus()) {
            case 400 -> ProblemResponse.of(CommonProblem.MALFORMED, "The request is not well formed.");
            case 401 -> tokenInvalid();
            case 403 -> ProblemResponse.of(CommonProblem.FORBIDDEN, "The token does not allow this call.");
            case 404 -> ProblemResponse.of(CommonProblem.NOT_FOUND, "There is nothing here.");
            case 405 -> ProblemResponse.of(CommonProblem.METHOD_NOT_ALLOWED, "This method is not allowed here.");
            case 406 -> ProblemResponse.of(CommonProblem.NOT_ACCEPTABLE, "The answer is JSON only.");
            case 413 -> ProblemResponse.of(CommonProblem.TOO_LARGE, "The body is larger than this call takes.");
            case 415 -> ProblemResponse.of(CommonProblem.MEDIA_TYPE, "The body must be application/json.");
            default -> defect(failure);
        };
    }

    @ServerExceptionMapper
    public Response defect(Throwable failure) {
        LOG.error("A request failed by a defect", failure);
        return ProblemResponse.of(CommonProblem.DEFECT, "The service failed; nothing of the request was done.");
    }

    private static Response tokenInvalid() {
        return ProblemResponse.of(ProblemException.tokenInvalid());
    }
}
