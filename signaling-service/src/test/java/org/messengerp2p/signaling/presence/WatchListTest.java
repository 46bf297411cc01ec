package org.messengerp2p.signaling.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;

/** The order of questions, answers and events; the test's thread is the event loop. */
class WatchListTest {

    private final ShownToken bob = new ShownToken(new AccountId(UUID.randomUUID()), new byte[16]);
    private final ShownToken carol = new ShownToken(new AccountId(UUID.randomUUID()), new byte[16]);

    private final AskedPermission permission = new AskedPermission();
    private final TokenQuestions questions = permission.questions();
    private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    private final List<Runnable> soon = new ArrayList<>();
    private final OnConnection effects = new OnConnection();
    private final WatchList list =
            new WatchList(new AccountId(UUID.randomUUID()), questions, loop::add, soon::add, effects);

    private static final class OnConnection implements WatchList.Effects {

        private final Set<AccountId> listened = new HashSet<>();
        private final List<AccountId> told = new ArrayList<>();
        private Consumer<AccountId> whenNobodyIsTold = account -> {};

        @Override
        public void listen(AccountId account) {
            assertTrue(listened.add(account));
        }

        @Override
        public void ignore(AccountId account) {
            assertTrue(listened.remove(account));
        }

        @Override
        public void tell(AccountId account) {
            told.add(account);
        }

        @Override
        public void tellNobody(AccountId account) {
            whenNobodyIsTold.accept(account);
        }
    }

    @AfterEach
    void close() {
        permission.close();
    }

    @Test
    void listensToAWrongTokensAccountUntilItIsShownNoMore() throws InterruptedException {
        list.show(List.of(bob, carol));
        answer(carol);
        assertFalse(list.sees(bob.account()));
        assertEquals(Set.of(bob.account(), carol.account()), effects.listened);

        list.renewed(bob.account());
        answer(bob);

        assertTrue(list.sees(bob.account()));
        list.show(List.of(carol));
        assertEquals(Set.of(carol.account()), effects.listened);
        assertFalse(list.sees(bob.account()));
        assertEquals(Set.of(carol.account()), list.end());
    }

    /** The token has become right after it was read, and before the subscription that would have told so. */
    @Test
    void aWrongAnswerFromBeforeTheSubscriptionIsAskedForOnceMore() throws InterruptedException {
        list.show(List.of(bob));
        AskedPermission.Call stale = permission.next();
        list.mayHaveMissed(bob.account());
        pass();

        stale.answer();
        runNext();
        assertFalse(list.sees(bob.account()));
        answer(bob);

        assertTrue(list.sees(bob.account()));
        assertEquals(List.of(bob.account()), effects.told);
    }

    @Test
    void whatMayHaveBeenMissedByOneCauseIsOneQuestion() throws InterruptedException {
        list.show(List.of(bob, carol));
        answer(bob, carol);

        list.mayHaveMissed(bob.account());
        list.mayHaveMissed(carol.account());
        pass();

        assertEquals(Set.of(bob, carol), Set.copyOf(permission.next().shown()));
        assertTrue(list.sees(bob.account()));
    }

    @Test
    void whatIsShownNoMoreIsNotAskedAboutEither() throws InterruptedException {
        list.show(List.of(bob, carol));
        answer(bob, carol);
        list.mayHaveMissed(bob.account());
        list.mayHaveMissed(carol.account());
        list.show(List.of(carol));
        answer(carol);

        pass();

        assertEquals(List.of(carol), permission.next().shown());
    }

    @Test
    void asksNothingForAConnectionThatEndedByWhatItWasTold() throws InterruptedException {
        list.show(List.of(bob));
        answer(bob);
        effects.whenNobodyIsTold = account -> list.end();

        list.renewed(bob.account());

        questions.ask(List.of(carol), right -> {});
        assertEquals(List.of(carol), permission.next().shown());
        assertFalse(list.sees(bob.account()));
    }

    /** The time is over in which causes are gathered. */
    private void pass() {
        List<Runnable> due = List.copyOf(soon);
        soon.clear();
        due.forEach(Runnable::run);
    }

    private void answer(ShownToken... right) throws InterruptedException {
        permission.next().answer(right);
        runNext();
    }

    private void runNext() throws InterruptedException {
        Runnable task = loop.poll(60, TimeUnit.SECONDS);
        assertNotNull(task, "nothing happens");
        task.run();
    }
}
