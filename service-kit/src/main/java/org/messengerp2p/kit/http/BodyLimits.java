package org.messengerp2p.kit.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Bounds the memory that request bodies take, in all and by address, before any of a body is read: whoever opens a
 * thousand connections is refused, and cannot end the service by them. A body counts until its request is answered or
 * its connection is gone, and one that comes too slowly is cut off, so that nobody holds room for long.
 */
@ApplicationScoped
public class BodyLimits {

    // After the limit on a single body, which knows its size.
    private static final int AFTER_BODY_LIMIT = 900;

    private static final long SECOND_MILLIS = 1_000;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Set<HttpMethod> WITHOUT_BODY = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Vertx vertx;
    private final BodySettings settings;
    private final long largestBody;
    private final BodyBudget budget;
    private final Counter refused;
    private final Counter cutOff;
    private final Set<BodyInHand> inHand = ConcurrentHashMap.newKeySet();
    private long timer;

    BodyLimits(
            Vertx vertx,
            BodySettings settings,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize largestBody,
            MeterRegistry registry) {
        this.vertx = vertx;
        this.settings = settings;
        this.largestBody = largestBody.asLongValue();
        // One body of the largest size always fits, with what is kept for small ones.
        long inAll = Math.max(
                this.largestBody * 2,
                settings.inAll()
                        .map(MemorySize::asLongValue)
                        .orElse(Runtime.getRuntime().maxMemory() / 8));
        long byAddress = Math.max(
                this.largestBody,
                settings.byAddress().map(MemorySize::asLongValue).orElse(inAll / 4));
        this.budget = new BodyBudget(inAll, byAddress);
        this.refused = registry.counter("mp2p.http.bodies.refused");
        this.cutOff = registry.counter("mp2p.http.bodies.cut.off");
        registry.gauge("mp2p.http.bodies.held", budget, BodyBudget::held);
    }

    void limit(@Observes Filters filters) {
        filters.register(this::letIn, AFTER_BODY_LIMIT);
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(SECOND_MILLIS, now -> lookAfterAll());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Bytes for which room is held. */
    public long held() {
        return budget.held();
    }

    private void letIn(RoutingContext call) {
        long bytes = most(call.request());
        if (bytes == 0) {
            call.next();
            return;
        }
        AddressPrefix from = AddressPrefix.of(call.request().remoteAddress());
        if (!budget.take(from, bytes)) {
            refuse(call);
            return;
        }
        BodyInHand body = new BodyInHand(call.request(), from, bytes, System.nanoTime());
        inHand.add(body);
        call.addEndHandler(ended -> letGo(body));
        call.next();
    }

    private void refuse(RoutingContext call) {
        refused.increment();
        // The body is not read, so the connection is of no further use.
        call.response().putHeader(HttpHeaders.CONNECTION, "close");
        EdgeProblems.answer(
                call,
                ProblemException.retryAfter(
                        CommonProblem.UNAVAILABLE,
                        "The service has as much in hand as it can take; try again.",
                        RETRY_AFTER));
    }

    private void letGo(BodyInHand body) {
        if (inHand.remove(body)) {
            budget.giveBack(body.from(), body.bytes());
        }
    }

    /** Also lets go of what has ended unheard: another handler may have taken the place of the one above. */
    private void lookAfterAll() {
        long now = System.nanoTime();
        for (BodyInHand body : inHand) {
            if (body.isOver()) {
                letGo(body);
            } else if (body.isTooSlow(now, settings.grace(), settings.slowest().asLongValue())) {
                cutOff.increment();
                body.cutOff();
            }
        }
    }

    /** What the body may have at most, known before it comes; the largest where the request does not say. */
    private long most(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return parsed(length);
        }
        boolean mayHaveBody = request.version() == HttpVersion.HTTP_2
                ? !WITHOUT_BODY.contains(request.method())
                : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        return mayHaveBody ? largestBody : 0;
    }

    private long parsed(String length) {
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException notANumber) {
            // The HTTP decoder refuses it.
            return 0;
        }
    }
}
