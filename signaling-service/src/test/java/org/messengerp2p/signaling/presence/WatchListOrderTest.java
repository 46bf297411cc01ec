package org.messengerp2p.signaling.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.inject.Vetoed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.signaling.SignalingSettings;

/** In which order what may happen to a list of watched accounts: questions begin and are answered when the test says. */
class WatchListOrderTest {

    private final Asked questions = new Asked();
    private final Told told = new Told();
    private final Queue<Runnable> soon = new ArrayDeque<>();
    private final AccountId own = account();
    private final WatchList list = new WatchList(own, questions, Runnable::run, soon::add, told);

    private final ShownToken bob = new ShownToken(account(), new byte[16]);
    private final ShownToken carol = new ShownToken(account(), new byte[16]);

    @Test
    void listensBeforeItAsksAndWatchesWhenItIsAnswered() {
        list.show(List.of(bob, carol));
        assertEquals(Set.of(bob.account(), carol.account()), told.listened);
        assertFalse(list.sees(bob.account()));

        questions.begin().answer(Set.of(bob));

        assertTrue(list.sees(bob.account()));
        assertFalse(list.sees(carol.account()));
        assertEquals(List.of("tell " + bob.account()), told.events);
        assertEquals(Set.of(bob.account(), carol.account()), told.listened);
        assertEquals(0, questions.out());
    }

    @Test
    void asksOnceMoreAboutWhatIsRenewedWhileTheQuestionIsOut() {
        list.show(List.of(bob, carol));
        TokenQuestions.Question first = questions.begin();

        list.renewed(bob.account());
        first.answer(Set.of(bob, carol));

        assertFalse(list.sees(bob.account()));
        assertTrue(list.sees(carol.account()));
        assertEquals(List.of(bob), questions.last().tokens());
        questions.begin().answer(Set.of());
        assertFalse(list.sees(bob.account()));
        assertEquals(0, questions.out());
    }

    @Test
    void countsTheAnswerToAQuestionThatBeginsAfterTheRenewal() {
        list.show(List.of(bob));

        list.renewed(bob.account());
        questions.begin().answer(Set.of(bob));

        assertTrue(list.sees(bob.account()));
        assertEquals(0, questions.out());
    }

    @Test
    void asksOnceMoreWhereItMayHaveMissedARenewal() {
        list.show(List.of(bob));
        TokenQuestions.Question first = questions.begin();
        list.mayHaveMissed(bob.account());
        soon.remove().run();
        first.answer(Set.of(bob));
        assertTrue(list.sees(bob.account()), "meanwhile");

        questions.begin().answer(Set.of());

        assertFalse(list.sees(bob.account()));
        assertEquals(List.of("tell " + bob.account(), "nobody " + bob.account()), told.events);
    }

    @Test
    void asksAboutAllAgainAlsoWhileAQuestionAboutOneIsOut() {
        list.show(List.of(bob, carol));
        questions.begin().answer(Set.of(bob, carol));
        list.renewed(bob.account());
        assertEquals(List.of(bob), questions.last().tokens());

        list.askAgain();
        questions.begin().answer(Set.of(bob));

        assertEquals(List.of(carol), questions.last().tokens());
    }

    @Test
    void anAnswerToWhatWasShownBeforeDoesNotCount() {
        list.show(List.of(bob));
        TokenQuestions.Question first = questions.begin();

        list.show(List.of(carol));
        first.answer(Set.of(bob));

        assertFalse(list.sees(bob.account()));
        assertTrue(questions.withdrawn.contains(first));
        assertEquals(Set.of(carol.account()), told.listened);
    }

    @Test
    void neverAsksAboutTheOwnAccountAndTakesTheLastOfTwoTokens() {
        byte[] other = new byte[16];
        other[0] = 1;
        ShownToken later = new ShownToken(bob.account(), other);

        list.show(List.of(new ShownToken(own, other), bob, later));

        assertEquals(List.of(later), questions.last().tokens());
        assertTrue(list.sees(own));
    }

    private static AccountId account() {
        return new AccountId(UUID.randomUUID());
    }

    @Vetoed // The scope is inherited, and there must be one bean of the type.
    private static final class Asked extends TokenQuestions {

        private final List<Question> asked = new ArrayList<>();
        private final Set<Question> withdrawn = new HashSet<>();
        private int begun;

        private Asked() {
            super(
                    null,
                    null,
                    new SmallRyeConfigBuilder()
                            .addDiscoveredConverters()
                            .withMapping(SignalingSettings.class)
                            .build()
                            .getConfigMapping(SignalingSettings.class),
                    new SimpleMeterRegistry());
        }

        @Override
        Question ask(List<ShownToken> tokens, Consumer<Set<ShownToken>> answered) {
            Question question = new Question(tokens, answered);
            asked.add(question);
            return question;
        }

        @Override
        void withdraw(Question question) {
            withdrawn.add(question);
        }

        /** The next question begins. */
        private Question begin() {
            Question next = asked.get(begun++);
            next.begin();
            return next;
        }

        private Question last() {
            return asked.get(asked.size() - 1);
        }

        /** Questions that have not begun. */
        private int out() {
            return asked.size() - begun;
        }
    }

    private static final class Told implements WatchList.Effects {

        private final Set<AccountId> listened = new HashSet<>();
        private final List<String> events = new ArrayList<>();

        @Override
        public void listen(AccountId account) {
            listened.add(account);
        }

        @Override
        public void ignore(AccountId account) {
            listened.remove(account);
        }

        @Override
        public void tell(AccountId account) {
            events.add("tell " + account);
        }

        @Override
        public void tellNobody(AccountId account) {
            events.add("nobody " + account);
        }
    }
}
