package org.messengerp2p.auth.work;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Runs Argon2, batches of signature checks and RSA off the event loop, in as many threads as there are cores and a
 * bounded queue; beyond it a caller is told 429 busy.
 */
@ApplicationScoped
public class BoundedWork {
    private final ThreadPoolExecutor workers;
    private final Duration retryAfter;

    BoundedWork(WorkSettings settings) {
        int threads = settings.threads().orElse(Runtime.getRuntime().availableProcessors());
        this.workers = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(settings.queue()), work -> {
                    Thread thread = new Thread(work, "auth-work");
                    thread.setDaemon(true);
                    return thread;
                });
        this.retryAfter = settings.retryAfter();
    }

    /**
     * Does the work on a worker and goes on where the caller was ({@link CallerContext}).
     */
    public <T> Uni<T> run(Supplier<T> work) {
        Uni<T> result = Uni.createFrom().emitter(emitter -> {
            try {
                workers.execute(() -> {
                    try {
                        emitter.complete(work.get());
                    } catch (Throwable failure) {
                        emitter.fail(failure);
                    }
                });
            } catch (RejectedExecutionException full) {
                emitter.fail(busy());
            }
        });
        return result.emitOn(CallerContext.executor());
    }

    void stop(@Observes ShutdownEvent event) {
        workers.shutdown();
    }

    private ProblemException busy() {
        return ProblemException.retryAfter(CommonProblem.BUSY, "The service is busy; try again shortly.", retryAfter);
    }
}
