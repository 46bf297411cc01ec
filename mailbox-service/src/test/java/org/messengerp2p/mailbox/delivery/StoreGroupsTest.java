package org.messengerp2p.mailbox.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.MailboxSettings;

/** When groups begin and who is in them; time stands still unless a test moves it. */
class StoreGroupsTest {

    private static final Duration LINGER = Duration.ofMillis(20);
    private static final int MAX_GROUP = 64;
    private static final int MAX_WAITING = 800;
    private static final int MAX_WAITING_FOR_ONE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final StoreOutcome DONE = StoreOutcome.Done.allStored(1);

    private final List<Running> running = new ArrayList<>();
    private final List<Alone> alone = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private long now = 5;

    private final StoreGroups groups = groups(this::run);

    @Test
    void oneAloneGoesAtOnce() throws Exception {
        CompletableFuture<StoreOutcome> answer = store(account(1));

        assertEquals(1, running.size());
        assertFalse(answer.isDone());
        running.get(0).end();
        assertEquals(DONE, answer.get());
        assertTrue(timers.isEmpty());
    }

    @Test
    void whoComesWithinTheLingerGoesTogether() {
        store(account(1));
        IntStream.rangeClosed(2, 10).forEach(account -> store(account(account)));
        assertEquals(1, running.size());

        pass(LINGER);

        assertEquals(2, running.size());
        assertEquals(9, running.get(1).batches().size());
    }

    @Test
    void afterTheLingerOneGoesAtOnceAgain() {
        store(account(1));
        now += LINGER.toNanos();

        store(account(2));

        assertEquals(2, running.size());
    }

    @Test
    void aGroupAsLargeAsTheOneBeforeNeedNotWait() {
        store(account(0));
        IntStream.range(1, 17).forEach(account -> store(account(account)));
        assertEquals(16, running.get(1).batches().size());
        running.get(1).end();

        IntStream.range(21, 36).forEach(account -> store(account(account)));
        assertEquals(2, running.size());
        store(account(36));

        assertEquals(3, running.size());
    }

    @Test
    void accountsGoOnceInAGroupAndInTheirOrder() {
        store(account(1));
        SealedBatch first = batch(account(2), 1);
        SealedBatch second = batch(account(2), 1);
        store(first);
        store(second);
        store(account(3));
        pass(LINGER);
        assertEquals(2, running.get(1).batches().size());
        assertEquals(first, running.get(1).batches().get(0));

        pass(LINGER);
        assertEquals(2, running.size(), "the account is being stored for");
        running.get(1).end();

        assertEquals(List.of(second), running.get(2).batches());
    }

    @Test
    void aSlowGroupHoldsUpNobodyElse() {
        store(account(1));
        now += LINGER.toNanos();

        store(account(1));
        assertEquals(1, running.size());
        store(account(2));

        assertEquals(2, running.size());
        assertEquals(account(2), running.get(1).batches().get(0).batch().to());
    }

    @Test
    void groupsHaveABound() {
        store(account(0));
        IntStream.range(1, 80).forEach(account -> store(batch(account(account), 2)));
        pass(LINGER);

        running.stream().skip(1).forEach(group -> assertTrue(group.envelopes() <= MAX_GROUP));
        assertEquals(2, running.size(), "so many run at most");
        while (running.stream().anyMatch(Running::open)) {
            running.stream().filter(Running::open).toList().forEach(Running::end);
            pass(LINGER);
        }
        assertEquals(1 + 79 * 2, running.stream().mapToInt(Running::envelopes).sum());
    }

    @Test
    void oneThatIsLargerThanAGroupGoesAlone() {
        store(account(0));
        store(batch(account(1), MAX_GROUP + 1));
        store(account(2));
        pass(LINGER);

        assertEquals(MAX_GROUP + 1, running.get(1).envelopes());
        assertEquals(1, running.get(1).batches().size());
        running.get(1).end();
        pass(LINGER);
        assertEquals(account(2), running.get(2).batches().get(0).batch().to());
    }

    @Test
    void aFailureIsThatOfAllInTheGroupAndOfNobodyElse() {
        CompletableFuture<StoreOutcome> alone = store(account(0));
        CompletableFuture<StoreOutcome> one = store(account(1));
        CompletableFuture<StoreOutcome> other = store(account(2));
        pass(LINGER);

        running.get(1).answer().fail(new IllegalStateException("away"));

        assertThrows(ExecutionException.class, one::get);
        assertThrows(ExecutionException.class, other::get);
        assertFalse(alone.isDone());
        store(account(1));
        pass(LINGER);
        assertEquals(3, running.size(), "the account is free again");
    }

    @Test
    void eachIsToldWhatBecameOfItAndWhatIsLeftOverIsStoredAlone() throws Exception {
        store(account(0));
        CompletableFuture<StoreOutcome> one = store(account(1));
        CompletableFuture<StoreOutcome> other = store(account(2));
        pass(LINGER);

        running.get(1).answer().complete(List.of(Optional.empty(), Optional.of(DONE)));

        assertEquals(DONE, other.get());
        assertFalse(one.isDone());
        assertEquals(account(1), alone.get(0).batch().batch().to());
        StoreOutcome wrong = new StoreOutcome.WrongToken();
        alone.get(0).answer().complete(wrong);
        assertEquals(wrong, one.get());
    }

    @Test
    void nothingElseIsStoredForAnAccountBeforeWhatWasLeftOver() {
        CompletableFuture<StoreOutcome> first = store(account(1));
        store(account(1));
        running.get(0).answer().complete(List.of(Optional.empty()));
        pass(LINGER);
        store(account(2));
        pass(LINGER);
        assertEquals(2, running.size(), "others go on");
        assertEquals(account(2), running.get(1).batches().get(0).batch().to());

        alone.get(0).answer().fail(new IllegalStateException("away"));
        pass(LINGER);

        assertTrue(first.isCompletedExceptionally());
        assertEquals(3, running.size());
        assertEquals(account(1), running.get(2).batches().get(0).batch().to());
    }

    @Test
    void aFewOfWhatIsLeftOverRunAtATimeAndTheRestWaitAsOthersDo() {
        IntStream.range(0, 100).forEach(account -> store(account(account)));
        while (running.stream().anyMatch(Running::open)) {
            running.stream().filter(Running::open).toList().forEach(Running::leaveOver);
            pass(LINGER);
        }
        assertEquals(8, alone.size());
        fillGroups();
        IntStream.range(0, MAX_WAITING - 92).forEach(each -> store(account(1000 + each)));
        assertUnavailable(store(account(5000)));

        alone.get(0).answer().complete(DONE);

        assertEquals(9, alone.size());
    }

    @Test
    void whatIsStoredAloneAtOnceDoesNotNest() {
        List<Integer> depths = new ArrayList<>();
        LeftOvers atOnce = new LeftOvers(batch -> {
            depths.add(depth());
            return Uni.createFrom().item(DONE);
        });
        StoreGroups leaving = groups(
                batches -> depths.isEmpty()
                        ? run(batches)
                        : Uni.createFrom().item(Collections.nCopies(batches.size(), Optional.empty())),
                atOnce);
        store(leaving, account(0));
        IntStream.range(0, 50).forEach(each -> store(leaving, account(0)));
        now += LINGER.toNanos();

        running.get(0).leaveOver();
        while (!timers.isEmpty()) {
            pass(LINGER);
        }

        assertEquals(51, depths.size());
        assertTrue(Collections.max(depths) < depths.get(1) + 100, () -> "stack frames: " + depths);
    }

    @Test
    void thoseWhoWaitHaveABound() {
        fillGroups();
        IntStream.range(0, MAX_WAITING).forEach(each -> store(account(1000 + each)));

        assertUnavailable(store(account(5000)));
    }

    @Test
    void whatWaitsForOneAccountTakesNoPlaceFromOthers() {
        store(account(0));
        IntStream.range(0, MAX_WAITING_FOR_ONE)
                .forEach(each -> assertFalse(store(account(0)).isDone()));

        assertUnavailable(store(account(0)));
        CompletableFuture<StoreOutcome> other = store(account(1));
        assertFalse(other.isDone());
        running.get(0).end();
        pass(LINGER);
        assertFalse(store(account(0)).isDone(), "one of them goes now");
    }

    @Test
    void whoHasWaitedTooLongIsToldSo() {
        store(account(0));
        CompletableFuture<StoreOutcome> late = store(account(0));
        now += PATIENCE.toNanos() - 1;
        CompletableFuture<StoreOutcome> later = store(account(0));
        now += 1;

        running.get(0).answer().fail(new IllegalStateException("away"));

        assertUnavailable(late);
        assertFalse(later.isDone());
        assertEquals(2, running.size(), "the later one goes now");
    }

    @Test
    void aStoreThatThrowsIsAGroupThatFailed() {
        StoreGroups throwing = groups(batches -> {
            throw new IllegalStateException("no memory");
        });

        assertThrows(ExecutionException.class, store(throwing, account(0))::get);
        now += LINGER.toNanos();
        assertTrue(store(throwing, account(0)).isCompletedExceptionally(), "the account is free again");
    }

    @Test
    void groupsThatFailAtOnceDoNotNest() {
        List<Integer> depths = new ArrayList<>();
        StoreGroups failing = groups(batches -> {
            if (depths.isEmpty()) {
                depths.add(depth());
                return run(batches);
            }
            depths.add(depth());
            return Uni.createFrom().failure(new IllegalStateException("away"));
        });
        store(failing, account(0));
        IntStream.range(0, 50).forEach(each -> store(failing, account(0)));
        now += LINGER.toNanos();

        running.get(0).end();
        while (!timers.isEmpty()) {
            pass(LINGER);
        }

        assertEquals(51, depths.size());
        assertTrue(Collections.max(depths) < depths.get(1) + 100, () -> "stack frames: " + depths);
    }

    /** As many as run at most, with one each. */
    private void fillGroups() {
        IntStream.range(0, 4).forEach(slow -> {
            now += LINGER.toNanos();
            store(account(900 + slow));
        });
    }

    private static int depth() {
        return new Throwable().getStackTrace().length;
    }

    private static void assertUnavailable(CompletableFuture<StoreOutcome> refused) {
        assertTrue(refused.isCompletedExceptionally());
        ExecutionException failure = assertThrows(ExecutionException.class, refused::get);
        assertTrue(failure.getCause() instanceof ProblemException);
    }

    private StoreGroups groups(Function<List<SealedBatch>, Uni<List<Optional<StoreOutcome>>>> store) {
        return groups(store, new LeftOvers(this::runAlone));
    }

    private StoreGroups groups(
            Function<List<SealedBatch>, Uni<List<Optional<StoreOutcome>>>> store, LeftOvers leftOvers) {
        return new StoreGroups(
                new Settings(), new Database(), () -> now, (wait, task) -> timers.add(task), store, leftOvers);
    }

    private void pass(Duration time) {
        now += time.toNanos();
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    private CompletableFuture<StoreOutcome> store(AccountId account) {
        return store(batch(account, 1));
    }

    private CompletableFuture<StoreOutcome> store(SealedBatch batch) {
        return groups.store(batch).subscribeAsCompletionStage();
    }

    private static CompletableFuture<StoreOutcome> store(StoreGroups groups, AccountId account) {
        return groups.store(batch(account, 1)).subscribeAsCompletionStage();
    }

    private Uni<List<Optional<StoreOutcome>>> run(List<SealedBatch> batches) {
        return Uni.createFrom().emitter(answer -> running.add(new Running(batches, answer, new boolean[1])));
    }

    private Uni<StoreOutcome> runAlone(SealedBatch batch) {
        return Uni.createFrom().emitter(answer -> alone.add(new Alone(batch, answer)));
    }

    private static AccountId account(int number) {
        return new AccountId(new UUID(1, number));
    }

    private static SealedBatch batch(AccountId to, int envelopes) {
        List<SealedBatch.Item> items = IntStream.range(0, envelopes)
                .mapToObj(each -> new SealedBatch.Item(
                        7, EnvelopeId.of(ByteBuffer.allocate(4).putInt(each).array()), 1, new byte[1]))
                .toList();
        return new SealedBatch(new Batch(to, 1, List.of(), Optional.empty(), Optional.empty()), items);
    }

    private record Alone(SealedBatch batch, UniEmitter<? super StoreOutcome> answer) {}

    private record Running(
            List<SealedBatch> batches, UniEmitter<? super List<Optional<StoreOutcome>>> answer, boolean[] ended) {

        int envelopes() {
            return batches.stream().mapToInt(batch -> batch.items().size()).sum();
        }

        boolean open() {
            return !ended[0];
        }

        void end() {
            ended[0] = true;
            answer.complete(Collections.nCopies(batches.size(), Optional.of(DONE)));
        }

        void leaveOver() {
            ended[0] = true;
            answer.complete(Collections.nCopies(batches.size(), Optional.empty()));
        }
    }

    private static final class Settings implements MailboxSettings.Store {

        @Override
        public Duration linger() {
            return LINGER;
        }

        @Override
        public int maxGroup() {
            return MAX_GROUP;
        }
    }

    private static final class Database implements MailboxSettings.Database {

        @Override
        public Duration patience() {
            return PATIENCE;
        }

        @Override
        public Duration backgroundPatience() {
            return PATIENCE;
        }

        @Override
        public int maxWaiting() {
            return MAX_WAITING;
        }

        @Override
        public boolean planOnce() {
            return true;
        }
    }
}
