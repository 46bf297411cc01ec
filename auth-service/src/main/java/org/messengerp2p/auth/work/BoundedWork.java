package org.messengerp2p.auth.work;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Runs Argon2, batches of signature checks and RSA off the event loop, in as many threads as there are cores. There are
 * as many places as threads and queue together; a request that finds none is told 429 busy, and when to come again
 * (MP2P/1 §20).
 */
@ApplicationScoped
public class BoundedWork {
    /** What the first refusals reckon with: an Argon2 of this service. */
    private static final Duration FIRST_GUESS = Duration.ofMillis(36);

    private static final int PIECES_REMEMBERED = 16;

    private final ExecutorService workers;
    private final int threads;
    private final int places;
    private final Semaphore free;
    private final AtomicLong nanosPerPiece = new AtomicLong(FIRST_GUESS.toNanos());

    BoundedWork(WorkSettings settings) {
        this.threads = settings.threads().orElse(Runtime.getRuntime().availableProcessors());
        this.places = threads + settings.queue();
        this.free = new Semaphore(places);
        this.workers = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "auth-work");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does the work on a worker and goes on where the caller was ({@link CallerContext}). */
    public <T> Uni<T> run(Supplier<T> work) {
        return admitted(place -> place.run(work));
    }

    /**
     * Holds a place from now until the request ends: what is done before its work is not done in vain.
     *
     * @throws ProblemException busy, before anything of the request
     */
    public <T> Uni<T> admitted(Function<Place, Uni<T>> request) {
        return Uni.createFrom().deferred(() -> {
            if (!free.tryAcquire()) {
                return Uni.createFrom().failure(busy());
            }
            Place place = new Place();
            return Uni.createFrom()
                    .deferred(() -> request.apply(place))
                    .onTermination()
                    .invoke(place::leave);
        });
    }

    /** A place among those that work or wait; it is free again when the request has ended and its work is done. */
    public final class Place {
        private final AtomicInteger holders = new AtomicInteger(1);

        private Place() {}

        /** As {@link BoundedWork#run}, without a refusal. */
        public <T> Uni<T> run(Supplier<T> work) {
            Uni<T> result = Uni.createFrom().emitter(emitter -> {
                holders.incrementAndGet();
                workers.execute(() -> {
                    long began = System.nanoTime();
                    try {
                        emitter.complete(work.get());
                    } catch (Throwable failure) {
                        emitter.fail(failure);
                    } finally {
                        remember(System.nanoTime() - began);
                        leave();
                    }
                });
            });
            return result.emitOn(CallerContext.executor());
        }

        private void leave() {
            if (holders.decrementAndGet() == 0) {
                free.release();
            }
        }
    }

    void stop(@Observes ShutdownEvent event) {
        workers.shutdown();
    }

    private void remember(long nanos) {
        nanosPerPiece.updateAndGet(mean -> mean + (nanos - mean) / PIECES_REMEMBERED);
    }

    /** The wait is the time in which the workers get through what is there, by what a piece has taken lately. */
    private ProblemException busy() {
        Duration wait = Duration.ofNanos(nanosPerPiece.get() * places / threads);
        return ProblemException.retryAfter(CommonProblem.BUSY, "The service is busy; try again shortly.", wait);
    }
}
