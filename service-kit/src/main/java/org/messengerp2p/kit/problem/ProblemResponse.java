package org.messengerp2p.kit.problem;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The RFC 9457 form of a refusal. */
public final class ProblemResponse {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static final int UNAUTHORIZED = 401;

    /** Every 401 names a scheme (RFC 9110 §15.5.2); an error code of RFC 6750 would tell good from bad tokens. */
    public static final String CHALLENGE = "Bearer";

    private ProblemResponse() {}

    public static Response of(ProblemException problem) {
        Response.ResponseBuilder answer = Response.status(problem.type().status())
                .type(MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(body(problem.type(), problem.getMessage(), problem.members()));
        if (problem.type().status() == UNAUTHORIZED) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        }
        problem.retryAfter().ifPresent(wait -> answer.header(HttpHeaders.RETRY_AFTER, seconds(wait)));
        return answer.build();
    }

    public static Response of(ProblemType type, String detail) {
        return of(ProblemException.of(type, detail));
    }

    /** The JSON members in the order in which a person reads them. */
    public static Map<String, Object> body(ProblemType type, String detail, Map<String, Object> members) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type.urn());
        body.put("title", type.slug().replace('-', ' '));
        body.put("status", type.status());
        if (detail != null) {
            body.put("detail", detail);
        }
        body.putAll(members);
        return body;
    }

    /** A {@code Retry-After}: whole seconds, rounded up, one at least. */
    public static String seconds(Duration wait) {
        return String.valueOf(Math.max(1, wait.plusMillis(999).toSeconds()));
    }
}
