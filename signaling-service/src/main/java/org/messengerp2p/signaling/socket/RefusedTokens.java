package org.messengerp2p.signaling.socket;

import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Leaves the answer to a token that does not verify to {@link Admission}: with lazy authentication Quarkus ends the
 * response by itself, as soon as the token is looked at.
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
