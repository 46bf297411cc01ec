package org.messengerp2p.kit.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.kit.problem.ProblemResponse;

/** Answers in the RFC 9457 form outside JAX-RS. */
public final class ProblemAnswer {

    private ProblemAnswer() {}

    /** Does nothing where an answer has begun. */
    public static void write(HttpServerResponse response, ProblemException problem) {
        if (response.ended() || response.headWritten()) {
            return;
        }
        problem.retryAfter()
                .ifPresent(wait -> response.putHeader(HttpHeaders.RETRY_AFTER, ProblemResponse.seconds(wait)));
        if (problem.type().status() == ProblemResponse.UNAUTHORIZED) {
            response.putHeader(HttpHeaderNames.WWW_AUTHENTICATE, ProblemResponse.CHALLENGE);
        }
        response.setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemResponse.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(new JsonObject(ProblemResponse.body(problem.type(), problem.getMessage(), problem.members()))
                        .toBuffer());
    }
}
