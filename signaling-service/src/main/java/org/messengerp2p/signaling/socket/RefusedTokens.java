package org.messengerp2p.signaling.socket;

import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Lets a token that does not verify be answered once. With lazy authentication Quarkus ends the response by itself,
 * and websockets-next then fails the request again: the client gets its 401, and the log an error with a stack trace
 * for every bad token, which anybody can send. Without Quarkus' own answer the failure takes the usual way, to
 * problem+json.
 */
@ApplicationScoped
class RefusedTokens {

    private static final int BEFORE_THE_ENDPOINT = -1;

    void register(@Observes Router router) {
        router.route("/ws").order(BEFORE_THE_ENDPOINT).handler(RefusedTokens::leaveTheAnswer);
    }

    private static void leaveTheAnswer(RoutingContext request) {
        request.remove(QuarkusHttpUser.AUTH_FAILURE_HANDLER);
        request.next();
    }
}
