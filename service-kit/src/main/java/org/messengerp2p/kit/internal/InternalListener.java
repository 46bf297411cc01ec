package org.messengerp2p.kit.internal;

import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The listener of its own for calls between services, so that no gateway rule can ever expose them. */
@ApplicationScoped
public class InternalListener {

    private static final long MAX_BODY_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final InternalSettings settings;
    private final InternalSecret secret;
    private final List<InternalEndpoint> endpoints;
    private HttpServer server;

    InternalListener(
            Vertx vertx, InternalSettings settings, InternalSecret secret, @All List<InternalEndpoint> endpoints) {
        this.vertx = vertx;
        this.settings = settings;
        this.secret = secret;
        this.endpoints = endpoints;
    }

    /** Before the platform begins with timed work, at 0: of a start that ends here, that would log failures. */
    void check(@Observes @Priority(-1) StartupEvent event) {
        if (isServed()) {
            secret.authorization();
        }
    }

    void start(@Observes StartupEvent event) throws Exception {
        if (!isServed()) {
            return;
        }
        String expected = secret.authorization();
        Router router = Router.router(vertx);
        router.route().handler(call -> authorize(expected, call));
        router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        endpoints.forEach(endpoint -> endpoint.register(router));
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost(settings.host()).setPort(settings.port()))
                .requestHandler(router)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.close();
        }
    }

    /** The port that was bound; differs from the setting where that is 0. */
    public int port() {
        return server.actualPort();
    }

    private boolean isServed() {
        return settings.enabled() && !endpoints.isEmpty();
    }

    private static void authorize(String expected, RoutingContext call) {
        if (InternalSecret.matches(expected, call.request().getHeader("Authorization"))) {
            // Each request has a context of its own here, as reactive database sessions demand.
            VertxContextSafetyToggle.setCurrentContextSafe(true);
            call.next();
        } else {
            call.response().setStatusCode(401).end();
        }
    }
}
