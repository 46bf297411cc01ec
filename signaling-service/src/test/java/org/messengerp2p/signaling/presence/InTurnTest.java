package org.messengerp2p.signaling.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InTurnTest {

    private final List<List<Integer>> commands = new ArrayList<>();
    private final List<UniEmitter<? super Void>> unanswered = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final InTurn<Integer> inTurn = new InTurn<>(this::command, failures::add);

    @Test
    void sendsASingleOneAtOnce() {
        inTurn.add(List.of(1));

        assertEquals(List.of(List.of(1)), commands);
    }

    @Test
    void sendsWhatIsAskedForMeanwhileOnceAndTogether() {
        inTurn.add(List.of(1));
        inTurn.add(List.of(2, 1));
        inTurn.add(List.of(1, 3));
        assertEquals(1, commands.size());

        answer();

        assertEquals(List.of(List.of(1), List.of(2, 1, 3)), commands);
        answer();
        assertEquals(2, commands.size());
    }

    @Test
    void sendsManyInParts() {
        inTurn.add(IntStream.range(0, 250).boxed().toList());
        answer();
        answer();
        answer();

        assertEquals(List.of(100, 100, 50), commands.stream().map(List::size).toList());
    }

    @Test
    void givesUpWhatWaitsWithACommandThatFailsAndGoesOnWithWhatComesThen() {
        inTurn.add(List.of(1));
        inTurn.add(List.of(2));

        unanswered.get(0).fail(new IllegalStateException("away"));
        assertEquals(1, commands.size());
        assertEquals(1, failures.size());
        inTurn.add(List.of(3));

        assertEquals(List.of(List.of(1), List.of(3)), commands);
    }

    @Test
    void endsWhenNothingIsLeft() {
        assertTrue(hasEnded());
        inTurn.add(List.of(1));
        CompletableFuture<Void> end = inTurn.end().toCompletableFuture();
        inTurn.add(List.of(2));
        answer();
        assertFalse(end.isDone());

        answer();

        assertTrue(end.isDone());
        inTurn.add(List.of(3));
        assertFalse(hasEnded());
    }

    @Test
    void endsWithWhatIsGivenUp() {
        inTurn.add(List.of(1));
        inTurn.add(List.of(2));

        unanswered.get(0).fail(new IllegalStateException("away"));

        assertTrue(hasEnded());
    }

    private boolean hasEnded() {
        return inTurn.end().toCompletableFuture().isDone();
    }

    private Uni<Void> command(List<Integer> numbers) {
        commands.add(numbers);
        return Uni.createFrom().emitter(unanswered::add);
    }

    private void answer() {
        unanswered.get(unanswered.size() - 1).complete(null);
    }
}
