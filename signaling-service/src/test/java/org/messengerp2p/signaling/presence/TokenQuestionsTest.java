package org.messengerp2p.signaling.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;

class TokenQuestionsTest {

    private final AskedPermission permission = new AskedPermission();
    private final TokenQuestions questions = permission.questions();

    @AfterEach
    void close() {
        permission.close();
    }

    @Test
    void asksByAFewCallsAtATime() throws InterruptedException {
        List<AskedPermission.Call> out = askAsManyAsGoAtOnce();

        CompletableFuture<Set<ShownToken>> last = ask(tokens(WatchPermission.MOST));
        assertEquals(1, permission.waiting());
        out.get(1).answer();

        AskedPermission.Call call = permission.next();
        assertEquals(0, permission.waiting());
        call.answer(call.shown().get(7));
        assertEquals(Set.of(call.shown().get(7)), last.join());
    }

    @Test
    void whatManyShowHasRoomInACallOnce() throws InterruptedException {
        List<AskedPermission.Call> out = askAsManyAsGoAtOnce();
        List<ShownToken> same = tokens(200);
        List<ShownToken> others = tokens(200);

        for (int connections = 0; connections < 10; connections++) {
            ask(same);
        }
        ask(others);
        ask(same);
        ask(tokens(101));
        out.get(0).answer();

        assertEquals(
                Stream.concat(same.stream(), others.stream()).toList(),
                permission.next().shown());
        assertEquals(1, permission.waiting());
    }

    @Test
    void oneThatCannotBeToldKeepsNoOtherWaiting() throws InterruptedException {
        List<AskedPermission.Call> out = askAsManyAsGoAtOnce();
        List<ShownToken> shown = tokens(1);
        questions.ask(shown, right -> {
            throw new IllegalStateException("a defect");
        });
        CompletableFuture<Set<ShownToken>> together = ask(shown);
        for (AskedPermission.Call call : out) {
            call.answer();
        }

        permission.next().answer(shown.get(0));

        assertEquals(Set.copyOf(shown), together.join());
        for (int calls = 0; calls <= TokenQuestions.AT_ONCE; calls++) {
            CompletableFuture<Set<ShownToken>> later = ask(tokens(1));
            permission.next().answer();
            assertEquals(Set.of(), later.join());
        }
    }

    @Test
    void whileTheMailboxIsAwayOneCallAtATimeFindsOutWhenItIsBack() throws InterruptedException {
        List<AskedPermission.Call> out = askAsManyAsGoAtOnce();

        for (AskedPermission.Call call : out) {
            call.fail();
        }

        AskedPermission.Call retried = permission.next();
        ask(tokens(WatchPermission.MOST));
        assertEquals(TokenQuestions.AT_ONCE, permission.waiting());
        retried.fail();
        retried = permission.next();
        assertEquals(TokenQuestions.AT_ONCE, permission.waiting());
        retried.answer();
        for (int calls = 0; calls < TokenQuestions.AT_ONCE; calls++) {
            permission.next();
        }
        assertEquals(0, permission.waiting());
    }

    /** None of these leaves room for another question in its call. */
    private List<AskedPermission.Call> askAsManyAsGoAtOnce() throws InterruptedException {
        List<AskedPermission.Call> out = new ArrayList<>();
        for (int calls = 0; calls < TokenQuestions.AT_ONCE; calls++) {
            ask(tokens(WatchPermission.MOST));
            out.add(permission.next());
        }
        return out;
    }

    private CompletableFuture<Set<ShownToken>> ask(List<ShownToken> shown) {
        CompletableFuture<Set<ShownToken>> answered = new CompletableFuture<>();
        questions.ask(shown, answered::complete);
        return answered.orTimeout(60, TimeUnit.SECONDS);
    }

    private static List<ShownToken> tokens(int count) {
        return Stream.generate(() -> new ShownToken(new AccountId(UUID.randomUUID()), new byte[16]))
                .limit(count)
                .toList();
    }
}
