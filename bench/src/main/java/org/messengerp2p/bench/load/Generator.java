package org.messengerp2p.bench.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Makes all load on one event loop, so that nothing in it needs a lock. */
public final class Generator implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setBlockedThreadCheckInterval(60)
            .setBlockedThreadCheckIntervalUnit(TimeUnit.SECONDS));

    public Vertx vertx() {
        return vertx;
    }

    /** Begins the work on the event loop and waits here for its end. */
    public <T> T await(Duration longest, Supplier<Future<T>> work) throws InterruptedException {
        CompletableFuture<T> done = new CompletableFuture<>();
        vertx.getOrCreateContext()
                .runOnContext(now -> Future.<Void>succeededFuture()
                        .compose(begin -> work.get())
                        .onSuccess(done::complete)
                        .onFailure(done::completeExceptionally));
        try {
            return done.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException("not done within " + longest, late);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        }
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = vertx.close().toCompletionStage().toCompletableFuture();
        try {
            closed.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException leftToTheEnd) {
            System.err.println("bench: the generator's connections are not all closed");
        }
    }
}
