package org.messengerp2p.signaling.presence;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.messengerp2p.signaling.SignalingSettings;

/**
 * Asks mailbox-service which delivery tokens are right, for as many connections as fit into one call, and by a few calls
 * at a time: a single question goes at once. When a replica starts, ten thousand connections with 200 tokens each are
 * 5,000 calls where no two show the same, and fewer as far as those that come after one another do. What cannot be asked
 * is asked again, by one call at a time and later each time, until it is answered or withdrawn.
 */
@ApplicationScoped
class TokenQuestions {

    /** Calls that may be on their way. While one is answered, the next is read and the one after it is made. */
    static final int AT_ONCE = 3;

    private static final Logger LOG = Logger.getLogger(TokenQuestions.class);

    private final Vertx vertx;
    private final WatchPermission permission;
    private final SignalingSettings.DeliveryTokens settings;

    private Set<Question> waiting = new LinkedHashSet<>();
    private int out;
    /** Calls in a row that failed. */
    private int failures;
    /** Nothing is asked until a time after a failure is over. */
    private boolean pausing;

    private Context loop;
    private volatile boolean stopped;

    TokenQuestions(Vertx vertx, WatchPermission permission, SignalingSettings settings, MeterRegistry meters) {
        this.vertx = vertx;
        this.permission = permission;
        this.settings = settings.deliveryTokens();
        Gauge.builder("mp2p.signaling.watch.waiting", this, TokenQuestions::waiting)
                .description("Connections that wait until mailbox-service can be asked for them")
                .register(meters);
    }

    void start(@Observes StartupEvent event) {
        loop = vertx.getOrCreateContext();
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** What one connection asks at a time. */
    static final class Question {

        private final List<ShownToken> tokens;
        private final Consumer<Set<ShownToken>> answered;
        private volatile boolean begun;
        private boolean withdrawn;

        Question(List<ShownToken> tokens, Consumer<Set<ShownToken>> answered) {
            this.tokens = tokens;
            this.answered = answered;
        }

        List<ShownToken> tokens() {
            return tokens;
        }

        /** Whether the answer may be older than this moment. */
        boolean hasBegun() {
            return begun;
        }

        void begin() {
            begun = true;
        }

        void answer(Set<ShownToken> right) {
            answered.accept(right);
        }
    }

    /**
     * @param tokens at most {@link WatchPermission#MOST}
     * @param answered takes those that are right, on any thread, unless the question is withdrawn before
     */
    Question ask(List<ShownToken> tokens, Consumer<Set<ShownToken>> answered) {
        Question question = new Question(tokens, answered);
        synchronized (this) {
            waiting.add(question);
        }
        askMore();
        return question;
    }

    /** Nobody waits for its answer any more. One that is on its way may still come. */
    synchronized void withdraw(Question question) {
        question.withdrawn = true;
        waiting.remove(question);
    }

    private synchronized int waiting() {
        return waiting.size();
    }

    private void askMore() {
        for (Call next = take(); next != null; next = take()) {
            begin(next);
        }
    }

    /** @param tokens of all the questions, each once */
    private record Call(List<Question> questions, Set<ShownToken> tokens) {}

    /** @return null where nothing waits, or has to wait */
    private synchronized Call take() {
        int most = failures == 0 ? AT_ONCE : 1;
        if (waiting.isEmpty() || out >= most || pausing || stopped) {
            return null;
        }
        Call next = new Call(new ArrayList<>(), new LinkedHashSet<>());
        Iterator<Question> each = waiting.iterator();
        while (each.hasNext()) {
            Question question = each.next();
            if (!fits(question, next.tokens)) {
                break;
            }
            next.tokens.addAll(question.tokens);
            next.questions.add(question);
            question.begin();
            each.remove();
        }
        out++;
        return next;
    }

    private static boolean fits(Question question, Set<ShownToken> tokens) {
        long more = question.tokens.stream()
                .filter(token -> !tokens.contains(token))
                .count();
        return tokens.size() + more <= WatchPermission.MOST;
    }

    private void begin(Call call) {
        // On a context of its own, as a request has one.
        Context context = VertxContext.createNewDuplicatedContext(loop);
        VertxContextSafetyToggle.setContextSafe(context, true);
        context.runOnContext(now -> Uni.createFrom()
                .deferred(() -> permission.right(List.copyOf(call.tokens)))
                .ifNoItem()
                .after(settings.patience())
                .failWith(() -> new TimeoutException("no answer"))
                .subscribe()
                .with(right -> answered(call, right), failure -> failed(call, failure)));
    }

    private void answered(Call call, Set<ShownToken> right) {
        if (succeeded()) {
            LOG.info("mailbox-service can be asked again which delivery tokens are right.");
        }
        call.questions.forEach(question -> tell(question, right));
        askMore();
    }

    /** One connection that cannot be told keeps no other one waiting. */
    private static void tell(Question question, Set<ShownToken> right) {
        try {
            question.answer(right);
        } catch (RuntimeException defect) {
            LOG.error("A connection could not be told which delivery tokens are right", defect);
        }
    }

    private void failed(Call call, Throwable failure) {
        long pause;
        synchronized (this) {
            out--;
            putBack(call.questions);
            if (pausing) {
                return;
            }
            if (failures == 0 && !stopped) {
                LOG.warnf(
                        "mailbox-service cannot be asked which delivery tokens are right (%s); devices watch whom they"
                                + " watched.",
                        failure.getMessage());
            }
            pause = pause(failures++);
            pausing = true;
        }
        vertx.setTimer(pause, now -> goOn());
    }

    private void goOn() {
        synchronized (this) {
            pausing = false;
        }
        askMore();
    }

    private synchronized boolean succeeded() {
        out--;
        boolean failed = failures > 0;
        failures = 0;
        return failed;
    }

    private void putBack(List<Question> asked) {
        Set<Question> all = new LinkedHashSet<>();
        for (Question question : asked) {
            question.begun = false;
            if (!question.withdrawn) {
                all.add(question);
            }
        }
        all.addAll(waiting);
        waiting = all;
    }

    /** Doubles up to the longest, and leaves out a random half. */
    private long pause(int failed) {
        long longest = settings.longestRetry().toMillis();
        long whole = Math.min(longest, settings.firstRetry().toMillis() << Math.min(failed, 16));
        return Math.max(1, whole - ThreadLocalRandom.current().nextLong(whole / 2 + 1));
    }
}
