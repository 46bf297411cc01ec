package org.messengerp2p.mailbox.archive;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.messengerp2p.kit.identity.AccountId;

/**
 * One change at a time for each account. They wait for each other in the database anyhow; but there each would hold a
 * connection meanwhile, and an account that sends many at once would take all of them from everybody else.
 */
final class Turns {

    private final Map<AccountId, Deque<Turn>> byAccount = new HashMap<>();

    /** Runs the change when those that came before have ended. Who is cancelled leaves the line. */
    <T> Uni<T> inTurn(AccountId account, Supplier<Uni<T>> change) {
        return Uni.createFrom().deferred(() -> {
            Turn turn = new Turn();
            return Uni.createFrom()
                    .<Void>emitter(emitter -> {
                        turn.begins = () -> emitter.complete(null);
                        join(account, turn);
                    })
                    .chain(change::get)
                    .onTermination()
                    .invoke(() -> leave(account, turn));
        });
    }

    /** A change that is under way if it is the first of its line, and waits else. */
    private static final class Turn {

        private Runnable begins;
    }

    private void join(AccountId account, Turn turn) {
        boolean first;
        synchronized (byAccount) {
            Deque<Turn> line = byAccount.computeIfAbsent(account, absent -> new ArrayDeque<>());
            first = line.isEmpty();
            line.add(turn);
        }
        if (first) {
            turn.begins.run();
        }
    }

    private void leave(AccountId account, Turn turn) {
        Turn next = null;
        synchronized (byAccount) {
            Deque<Turn> line = byAccount.get(account);
            boolean wasFirst = line != null && line.peek() == turn;
            if (line != null && line.remove(turn) && line.isEmpty()) {
                byAccount.remove(account);
            } else if (wasFirst) {
                next = line.peek();
            }
        }
        if (next != null) {
            next.begins.run();
        }
    }
}
