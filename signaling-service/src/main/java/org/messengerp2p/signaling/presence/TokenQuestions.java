package org.messengerp2p.signaling.presence;

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
 * Asks mailbox-service which delivery tokens are right, for as many connections as fit into one call, and one call
 * after the other: a single question goes at once, and the ten thousand of devices that come back together are some
 * hundred calls. What cannot be asked is asked again, later each time, until it is answered or withdrawn.
 */
@ApplicationScoped
class TokenQuestions {

    private static final Logger LOG = Logger.getLogger(TokenQuestions.class);

    private final Vertx vertx;
    private final WatchPermission permission;
    private final SignalingSettings.DeliveryTokens settings;

    private Set<Question> waiting = new LinkedHashSet<>();
    private boolean busy;
    private int failures;
    private Context loop;
    private volatile boolean stopped;

    TokenQuestions(Vertx vertx, WatchPermission permission, SignalingSettings settings) {
        this.vertx = vertx;
        this.permission = permission;
        this.settings = settings.deliveryTokens();
        if (settings.limits().watchedAccounts() > WatchPermission.MOST) {
            throw new IllegalStateException(
                    "mp2p.signaling.limits.watched-accounts is more than " + WatchPermission.MOST);
        }
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
            if (busy) {
                return question;
            }
            busy = true;
        }
        askNext();
        return question;
    }

    /** Nobody waits for its answer any more. One that is on its way may still come. */
    synchronized void withdraw(Question question) {
        question.withdrawn = true;
        waiting.remove(question);
    }

    private void askNext() {
        List<Question> next = take();
        if (next.isEmpty() || stopped) {
            return;
        }
        Set<ShownToken> tokens = new LinkedHashSet<>();
        next.forEach(question -> tokens.addAll(question.tokens));
        // On a context of its own, as a request has one.
        Context context = VertxContext.createNewDuplicatedContext(loop);
        VertxContextSafetyToggle.setContextSafe(context, true);
        context.runOnContext(now -> Uni.createFrom()
                .deferred(() -> permission.right(List.copyOf(tokens)))
                .ifNoItem()
                .after(settings.patience())
                .failWith(() -> new TimeoutException("no answer"))
                .subscribe()
                .with(right -> answered(next, right), failure -> failed(next, failure)));
    }

    private synchronized List<Question> take() {
        List<Question> next = new ArrayList<>();
        int tokens = 0;
        Iterator<Question> each = waiting.iterator();
        while (each.hasNext()) {
            Question question = each.next();
            tokens += question.tokens.size();
            if (tokens > WatchPermission.MOST) {
                break;
            }
            question.begin();
            next.add(question);
            each.remove();
        }
        busy = !next.isEmpty();
        return next;
    }

    private void answered(List<Question> asked, Set<ShownToken> right) {
        if (succeeded()) {
            LOG.info("mailbox-service can be asked again which delivery tokens are right.");
        }
        asked.forEach(question -> question.answer(right));
        askNext();
    }

    private void failed(List<Question> asked, Throwable failure) {
        putBack(asked);
        long pause;
        synchronized (this) {
            if (failures == 0 && !stopped) {
                LOG.warnf(
                        "mailbox-service cannot be asked which delivery tokens are right (%s); devices watch whom they"
                                + " watched.",
                        failure.getMessage());
            }
            pause = pause(failures++);
        }
        vertx.setTimer(pause, now -> askNext());
    }

    private synchronized boolean succeeded() {
        boolean failed = failures > 0;
        failures = 0;
        return failed;
    }

    private synchronized void putBack(List<Question> asked) {
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
