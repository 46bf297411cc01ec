package org.messengerp2p.signaling.presence;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Does the same for many, one command after the other: what is asked for meanwhile waits, once however often it is
 * asked for, and goes with the next. So a single one goes at once, and ten thousand are some hundred commands and
 * never more than one outstanding.
 */
final class InTurn<T> {

    private static final int MOST_PER_COMMAND = 100;

    private final Function<List<T>, Uni<Void>> command;
    private final Consumer<Throwable> failed;
    private final Set<T> waiting = new LinkedHashSet<>();
    private boolean running;
    private CompletableFuture<Void> end = CompletableFuture.completedFuture(null);

    /** @param failed called where a command fails; what waits then is given up with it, and must be asked for again */
    InTurn(Function<List<T>, Uni<Void>> command, Consumer<Throwable> failed) {
        this.command = command;
        this.failed = failed;
    }

    void add(Collection<T> more) {
        synchronized (this) {
            waiting.addAll(more);
            if (running || waiting.isEmpty()) {
                return;
            }
            running = true;
            end = new CompletableFuture<>();
        }
        runNext();
    }

    /** Completes when nothing that has been asked for until now, or meanwhile, is left: it is done or given up. */
    synchronized CompletionStage<Void> end() {
        return end;
    }

    private void runNext() {
        List<T> next = take();
        if (!next.isEmpty()) {
            command.apply(next).subscribe().with(done -> runNext(), this::giveUp);
        }
    }

    private synchronized List<T> take() {
        List<T> next = new ArrayList<>();
        for (Iterator<T> each = waiting.iterator(); each.hasNext() && next.size() < MOST_PER_COMMAND; ) {
            next.add(each.next());
            each.remove();
        }
        if (next.isEmpty()) {
            rest();
        }
        return next;
    }

    private void giveUp(Throwable failure) {
        synchronized (this) {
            waiting.clear();
            rest();
        }
        failed.accept(failure);
    }

    private void rest() {
        running = false;
        end.complete(null);
    }
}
