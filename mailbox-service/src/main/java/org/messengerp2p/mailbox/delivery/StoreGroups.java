package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.MailboxSettings;

/**
 * Joins batches into groups that are stored together. A batch that comes alone goes at once. While others come too, a
 * group begins at most once in the linger, or as soon as it is as large as the one before: then whoever waited for that
 * one is back, and waiting longer brings nobody.
 *
 * <p>A group holds one batch an account at most, and none of an account that another group is storing: batches of one
 * account are stored in the order in which they came, and no group waits for another one's lock. Several groups may be
 * under way, so that one which waits for a lock holds nobody up.
 */
final class StoreGroups {

    private static final int MAX_RUNNING = 4;
    private static final int ENOUGH = 16;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final long linger;
    private final int maxEnvelopes;
    private final int maxWaiting;
    private final LongSupplier nanoTime;
    private final BiConsumer<Duration, Runnable> timer;
    private final Function<List<SealedBatch>, Uni<List<Optional<StoreOutcome>>>> store;

    private final Queue<Waiting> waiting = new LinkedList<>();
    private final Set<AccountId> storing = new HashSet<>();
    private int waitingEnvelopes;
    private int running;
    private int enough = ENOUGH;
    private boolean timerIsSet;
    private long begun;

    StoreGroups(
            MailboxSettings.Store settings,
            int maxWaiting,
            LongSupplier nanoTime,
            BiConsumer<Duration, Runnable> timer,
            Function<List<SealedBatch>, Uni<List<Optional<StoreOutcome>>>> store) {
        this.linger = settings.linger().toNanos();
        this.maxEnvelopes = settings.maxGroup();
        this.maxWaiting = maxWaiting;
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.store = store;
        this.begun = nanoTime.getAsLong() - linger;
    }

    /** What the group's statement says of this batch; empty if it leaves it over. */
    Uni<Optional<StoreOutcome>> store(SealedBatch batch) {
        return Uni.createFrom().emitter(answer -> {
            if (enqueue(new Waiting(batch, answer))) {
                begin();
            } else {
                answer.fail(ProblemException.retryAfter(
                        CommonProblem.UNAVAILABLE, "Too many deliveries wait for the database.", RETRY_AFTER));
            }
        });
    }

    private synchronized boolean enqueue(Waiting one) {
        if (waiting.size() >= maxWaiting) {
            return false;
        }
        waiting.add(one);
        waitingEnvelopes += one.envelopes();
        return true;
    }

    /** Begins what may begin now. */
    private void begin() {
        for (List<Waiting> group = next(); !group.isEmpty(); group = next()) {
            List<Waiting> members = group;
            store.apply(members.stream().map(Waiting::batch).toList())
                    .subscribe()
                    .with(outcomes -> end(members, outcomes), failure -> end(members, failure));
        }
    }

    private void end(List<Waiting> group, List<Optional<StoreOutcome>> outcomes) {
        release(group);
        begin();
        for (int i = 0; i < group.size(); i++) {
            group.get(i).answer().complete(outcomes.get(i));
        }
    }

    private void end(List<Waiting> group, Throwable failure) {
        release(group);
        begin();
        group.forEach(one -> one.answer().fail(failure));
    }

    private synchronized void release(List<Waiting> group) {
        running--;
        group.forEach(one -> storing.remove(one.account()));
    }

    private synchronized List<Waiting> next() {
        if (waiting.isEmpty() || running == MAX_RUNNING) {
            return List.of();
        }
        long now = nanoTime.getAsLong();
        long left = begun + linger - now;
        if (left > 0 && waitingEnvelopes < Math.min(enough, maxEnvelopes)) {
            beginIn(left);
            return List.of();
        }
        List<Waiting> group = take();
        if (!group.isEmpty()) {
            running++;
            begun = now;
        }
        return group;
    }

    private List<Waiting> take() {
        List<Waiting> group = new ArrayList<>();
        Set<AccountId> passed = new HashSet<>();
        int envelopes = 0;
        Iterator<Waiting> oldestFirst = waiting.iterator();
        while (oldestFirst.hasNext() && envelopes < maxEnvelopes) {
            Waiting one = oldestFirst.next();
            boolean fits = group.isEmpty() || envelopes + one.envelopes() <= maxEnvelopes;
            if (fits && !passed.contains(one.account()) && storing.add(one.account())) {
                group.add(one);
                envelopes += one.envelopes();
                oldestFirst.remove();
            } else {
                passed.add(one.account());
            }
        }
        waitingEnvelopes -= envelopes;
        enough = Math.max(ENOUGH, envelopes);
        return group;
    }

    private void beginIn(long nanos) {
        if (!timerIsSet) {
            timerIsSet = true;
            timer.accept(Duration.ofNanos(nanos).plusMillis(1), this::timeIsUp);
        }
    }

    private void timeIsUp() {
        synchronized (this) {
            timerIsSet = false;
        }
        begin();
    }

    private record Waiting(SealedBatch batch, UniEmitter<? super Optional<StoreOutcome>> answer) {

        AccountId account() {
            return batch.batch().to();
        }

        int envelopes() {
            return batch.items().size();
        }
    }
}
