package org.messengerp2p.signaling.socket;

import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Takes Quarkus' identity from a handshake, whose token {@link Admission} alone looks at. Were it there, each open socket
 * would keep its request for it, the token in it, and Quarkus would answer a token that does not verify by itself.
 */
@ApplicationScoped
class NoIdentity {

    private static final int BEFORE_THE_ENDPOINT = -1;

    void register(@Observes Router router) {
        router.route("/ws").order(BEFORE_THE_ENDPOINT).handler(NoIdentity::take);
    }

    private static void take(RoutingContext request) {
        request.remove(QuarkusHttpUser.DEFERRED_IDENTITY_KEY);
        request.remove(QuarkusHttpUser.AUTH_FAILURE_HANDLER);
        request.next();
    }
}
