package org.messengerp2p.kit.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Bounds the memory of long answers that are not read yet, in all and by address: whoever asks a thousand times and
 * reads nothing is refused, and cannot end the service by it. The bounds are those of bodies ({@link BodySettings}),
 * counted apart; an answer that is read too slowly is cut off as well.
 */
@ApplicationScoped
public class LongAnswers {

    /** A full page of a mailbox, the longest of all. */
    private static final long LONGEST = 3 << 20;

    private static final long SECOND_MILLIS = 1_000;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final BodySettings settings;
    private final BodyBudget budget;
    private final Counter refused;
    private final Counter cutOff;
    private final Set<BodyInHand> unread = ConcurrentHashMap.newKeySet();
    private long timer;

    LongAnswers(Vertx vertx, BodySettings settings, MeterRegistry registry) {
        this.vertx = vertx;
        this.settings = settings;
        long inAll = Math.max(
                LONGEST * 2,
                settings.inAll()
                        .map(MemorySize::asLongValue)
                        .orElse(Runtime.getRuntime().maxMemory() / 8));
        long byAddress = Math.max(
                LONGEST, settings.byAddress().map(MemorySize::asLongValue).orElse(inAll / 4));
        this.budget = new BodyBudget(inAll, byAddress);
        this.refused = registry.counter("mp2p.http.answers.refused");
        this.cutOff = registry.counter("mp2p.http.answers.cut.off");
        registry.gauge("mp2p.http.answers.held", budget, BodyBudget::held);
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(SECOND_MILLIS, now -> lookAfterAll());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Bytes of answers that are not read yet. */
    public long held() {
        return budget.held();
    }

    /** @throws ProblemException unavailable if there is no room for it */
    void send(HttpServerRequest request, byte[] answer) {
        AddressPrefix from = AddressPrefix.of(request.remoteAddress());
        if (!budget.take(from, answer.length)) {
            refused.increment();
            throw ProblemException.retryAfter(
                    CommonProblem.UNAVAILABLE,
                    "Too much that was asked for before is not read yet; try again.",
                    RETRY_AFTER);
        }
        BodyInHand one = new BodyInHand(request, from, answer.length, System.nanoTime());
        unread.add(one);
        request.response().end(Buffer.buffer(answer)).onComplete(written -> letGo(one));
    }

    private void letGo(BodyInHand one) {
        if (unread.remove(one)) {
            budget.giveBack(one.from(), one.bytes());
        }
    }

    private void lookAfterAll() {
        long now = System.nanoTime();
        for (BodyInHand one : unread) {
            if (one.isUnread(now, settings.grace(), settings.slowest().asLongValue())) {
                cutOff.increment();
                one.cutOff();
                letGo(one);
            }
        }
    }
}
