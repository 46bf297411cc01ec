package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
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
 *
 * <p>What a group leaves over is stored by itself after it, before anything else for its account.
 *
 * <p>So what comes for one account is stored one after the other: an account has a share of the places where batches
 * wait, and a batch that has waited as long as one waits for the database is told so instead of being stored.
 */
final class StoreGroups {

    private static final int MAX_RUNNING = 2;
    private static final int ENOUGH = 16;
    /** Of the places where batches wait, those that may be for one account. */
    private static final int SHARE = 8;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final long linger;
    private final int maxEnvelopes;
    private final int maxWaiting;
    private final int maxWaitingForOne;
    private final long patience;
    private final LongSupplier nanoTime;
    private final BiConsumer<Duration, Runnable> timer;
    private final Function<List<SealedBatch>, Uni<List<Optional<StoreOutcome>>>> store;
    private final LeftOvers leftOvers;

    private final Queue<Waiting> waiting = new LinkedList<>();
    private final Map<AccountId, Integer> waitingFor = new HashMap<>();
    private final Set<AccountId> storing = new HashSet<>();
    private int waitingEnvelopes;
    private int running;
    private int enough = ENOUGH;
    private boolean timerIsSet;
    private long begun;

    StoreGroups(
            MailboxSettings.Store settings,
            MailboxSettings.Database database,
            LongSupplier nanoTime,
            BiConsumer<Duration, Runnable> timer,
            Function<List<SealedBatch>, Uni<List<Optional<StoreOutcome>>>> store,
            LeftOvers leftOvers) {
        this.linger = settings.linger().toNanos();
        this.maxEnvelopes = settings.maxGroup();
        this.maxWaiting = database.maxWaiting();
        this.maxWaitingForOne = Math.max(1, maxWaiting / SHARE);
        this.patience = database.patience().toNanos();
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.store = store;
        this.leftOvers = leftOvers;
        this.begun = nanoTime.getAsLong() - linger;
    }

    Uni<StoreOutcome> store(SealedBatch batch) {
        return Uni.createFrom().emitter(answer -> {
            if (enqueue(new Waiting(batch, nanoTime.getAsLong(), answer, new AtomicBoolean()))) {
                begin();
            } else {
                answer.fail(tooMany());
            }
        });
    }

    private static ProblemException tooMany() {
        return ProblemException.retryAfter(
                CommonProblem.UNAVAILABLE, "Too many deliveries wait for the database.", RETRY_AFTER);
    }

    private synchronized boolean enqueue(Waiting one) {
        int same = waitingFor.getOrDefault(one.account(), 0);
        if (waiting.size() + leftOvers.waiting() >= maxWaiting || same >= maxWaitingForOne) {
            return false;
        }
        waiting.add(one);
        waitingFor.put(one.account(), same + 1);
        waitingEnvelopes += one.envelopes();
        return true;
    }

    /** Begins what may begin now. */
    private void begin() {
        for (List<Waiting> members = next(); !members.isEmpty(); members = next()) {
            Group group = new Group(members);
            Uni.createFrom()
                    .deferred(() -> store.apply(group.batches()))
                    .subscribe()
                    .with(outcomes -> end(group, outcomes), failure -> end(group, failure));
            group.begun = true;
        }
    }

    private void end(Group group, List<Optional<StoreOutcome>> outcomes) {
        List<Waiting> stored = new ArrayList<>();
        List<Waiting> left = new ArrayList<>();
        for (int i = 0; i < group.members.size(); i++) {
            (outcomes.get(i).isPresent() ? stored : left).add(group.members.get(i));
        }
        List<Waiting> late = release(stored);
        left.forEach(this::storeAlone);
        goOnAfter(group, late);
        for (int i = 0; i < group.members.size(); i++) {
            outcomes.get(i).ifPresent(group.members.get(i).answer()::complete);
        }
    }

    private void end(Group group, Throwable failure) {
        goOnAfter(group, release(group.members));
        group.members.forEach(one -> one.answer().fail(failure));
    }

    /** A group that ends while it is begun leaves it to who begins it: else groups that fail at once would nest. */
    private void goOnAfter(Group group, List<Waiting> late) {
        if (group.begun) {
            begin();
        }
        late.forEach(one -> one.answer().fail(tooMany()));
    }

    private void storeAlone(Waiting one) {
        leftOvers
                .store(one.batch())
                .subscribe()
                .with(
                        outcome -> {
                            free(one);
                            one.answer().complete(outcome);
                        },
                        failure -> {
                            free(one);
                            one.answer().fail(failure);
                        });
        one.begun().set(true);
    }

    /** One that ends while it is begun leaves the rest to the end of its group. */
    private void free(Waiting one) {
        synchronized (this) {
            storing.remove(one.account());
        }
        if (one.begun().get()) {
            begin();
        }
    }

    /** @return those who have waited too long */
    private synchronized List<Waiting> release(List<Waiting> ended) {
        running--;
        ended.forEach(one -> storing.remove(one.account()));
        List<Waiting> late = new ArrayList<>();
        long now = nanoTime.getAsLong();
        while (!waiting.isEmpty() && now - waiting.element().since() >= patience) {
            late.add(waiting.remove());
        }
        late.forEach(this::leaves);
        return late;
    }

    private void leaves(Waiting one) {
        waitingEnvelopes -= one.envelopes();
        waitingFor.computeIfPresent(one.account(), (account, count) -> count == 1 ? null : count - 1);
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
        group.forEach(this::leaves);
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

    private static final class Group {

        private final List<Waiting> members;
        private volatile boolean begun;

        Group(List<Waiting> members) {
            this.members = members;
        }

        List<SealedBatch> batches() {
            return members.stream().map(Waiting::batch).toList();
        }
    }

    /** @param begun whether its own store has, if it was left over */
    private record Waiting(
            SealedBatch batch, long since, UniEmitter<? super StoreOutcome> answer, AtomicBoolean begun) {

        AccountId account() {
            return batch.batch().to();
        }

        int envelopes() {
            return batch.items().size();
        }
    }
}
