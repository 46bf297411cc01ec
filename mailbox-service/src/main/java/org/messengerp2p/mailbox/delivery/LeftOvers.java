package org.messengerp2p.mailbox.delivery;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;

/**
 * Stores by themselves the batches that groups leave over, a few at a time: however many there are, collecting and the
 * groups find a connection.
 */
final class LeftOvers {

    private static final int MAX_RUNNING = 8;

    private final Function<SealedBatch, Uni<StoreOutcome>> store;
    private final Queue<LeftOver> waiting = new ArrayDeque<>();
    private int running;

    LeftOvers(Function<SealedBatch, Uni<StoreOutcome>> store) {
        this.store = store;
    }

    Uni<StoreOutcome> store(SealedBatch batch) {
        return Uni.createFrom().emitter(answer -> {
            add(new LeftOver(batch, answer));
            begin();
        });
    }

    /** How many have not begun. */
    synchronized int waiting() {
        return waiting.size();
    }

    private synchronized void add(LeftOver one) {
        waiting.add(one);
    }

    private void begin() {
        for (Optional<LeftOver> next = next(); next.isPresent(); next = next()) {
            LeftOver one = next.get();
            Uni.createFrom()
                    .deferred(() -> store.apply(one.batch))
                    .onTermination()
                    .invoke(() -> end(one))
                    .subscribe()
                    .with(one.answer::complete, one.answer::fail);
            one.begun = true;
        }
    }

    private synchronized Optional<LeftOver> next() {
        if (waiting.isEmpty() || running == MAX_RUNNING) {
            return Optional.empty();
        }
        running++;
        return Optional.of(waiting.remove());
    }

    /** One that ends while it is begun leaves the next to who begins it. */
    private void end(LeftOver one) {
        synchronized (this) {
            running--;
        }
        if (one.begun) {
            begin();
        }
    }

    private static final class LeftOver {

        private final SealedBatch batch;
        private final UniEmitter<? super StoreOutcome> answer;
        private volatile boolean begun;

        LeftOver(SealedBatch batch, UniEmitter<? super StoreOutcome> answer) {
            this.batch = batch;
            this.answer = answer;
        }
    }
}
