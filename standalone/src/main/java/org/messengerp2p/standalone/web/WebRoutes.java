package org.messengerp2p.standalone.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemResponse;

/**
 * Gives {@code /api/…} and {@code /ws} to the services and answers everything else with a release file. So no other
 * route of this process (health, internal calls) can be reached from outside by accident.
 */
@ApplicationScoped
class WebRoutes {

    /** Before and after every route of the services. */
    private static final int FIRST = Integer.MIN_VALUE;

    private static final int LAST = Integer.MAX_VALUE;

    private final Release release;

    WebRoutes(WebSettings settings) {
        this.release = Release.read(settings.directory());
    }

    void register(@Observes Router router) {
        router.route().order(FIRST).handler(WebRoutes::secure);
        router.route().order(FIRST + 1).handler(this::serve);
        router.route("/api/*").order(LAST).handler(WebRoutes::unknownCall);
    }

    private static void secure(RoutingContext call) {
        SecurityHeaders.addTo(call.response().headers());
        call.addHeadersEndHandler(done -> {
            if (!call.response().headers().contains(SecurityHeaders.CSP)) {
                call.response().putHeader(SecurityHeaders.CSP, SecurityHeaders.ANSWER_CSP);
            }
        });
        call.next();
    }

    private void serve(RoutingContext call) {
        String path = call.normalizedPath();
        if (path.startsWith("/api/") || path.equals("/ws")) {
            call.next();
            return;
        }
        HttpMethod method = call.request().method();
        if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
            call.response()
                    .setStatusCode(405)
                    .putHeader(HttpHeaders.ALLOW, "GET, HEAD")
                    .end();
            return;
        }
        release.find(path)
                .ifPresentOrElse(
                        file -> send(file, call),
                        () -> call.response().setStatusCode(404).end());
    }

    private static void send(ReleaseFile file, RoutingContext call) {
        HttpServerResponse response = call.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, file.cacheControl())
                .putHeader(HttpHeaders.ETAG, file.entityTag())
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .putHeader(
                        SecurityHeaders.CSP,
                        file.isCoreWorker() ? SecurityHeaders.WORKER_CSP : SecurityHeaders.PAGE_CSP);
        if (file.entityTag().equals(call.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
            return;
        }
        ContentCoding coding = ContentCoding.choose(
                call.request().getHeader(HttpHeaders.ACCEPT_ENCODING),
                file.byCoding().keySet());
        if (coding != ContentCoding.IDENTITY) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, coding.token());
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.mediaType());
        if (call.request().method() == HttpMethod.HEAD) {
            response.putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            Integer.toString(file.byCoding().get(coding).length()))
                    .end();
        } else {
            response.end(file.byCoding().get(coding));
        }
    }

    private static void unknownCall(RoutingContext call) {
        call.response()
                .setStatusCode(CommonProblem.NOT_FOUND.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemResponse.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Json.encode(ProblemResponse.body(CommonProblem.NOT_FOUND, "There is no such call.", Map.of())));
    }
}
