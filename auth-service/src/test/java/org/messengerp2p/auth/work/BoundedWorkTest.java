package org.messengerp2p.auth.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

class BoundedWorkTest {
    private final BoundedWork work = new BoundedWork(settings(1, 2));
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void stop() {
        release.countDown();
        work.stop(null);
    }

    @Test
    void refusesWhatTheQueueCannotTake() {
        CompletableFuture<String> running = occupy();
        CompletableFuture<String> second = occupy();
        CompletableFuture<String> third = occupy();

        ProblemException refused = assertThrows(
                ProblemException.class, () -> work.run(() -> "never").await().indefinitely());

        assertSame(CommonProblem.BUSY, refused.type());
        assertEquals(Duration.ofMillis(3 * 36), refused.retryAfter().orElseThrow(), "by what three pieces take");
        release.countDown();
        assertEquals("done", running.join());
        assertEquals("done", second.join());
        assertEquals("done", third.join());
    }

    @Test
    void goesOnWhereTheCallerWas() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            CompletableFuture<Context> before = new CompletableFuture<>();
            CompletableFuture<Context> after = new CompletableFuture<>();
            CompletableFuture<Thread> worker = new CompletableFuture<>();
            vertx.runOnContext(start -> {
                before.complete(Vertx.currentContext());
                work.run(() -> worker.complete(Thread.currentThread()))
                        .subscribe()
                        .with(done -> after.complete(Vertx.currentContext()), after::completeExceptionally);
            });

            assertSame(before.get(10, TimeUnit.SECONDS), after.get(10, TimeUnit.SECONDS));
            assertEquals("auth-work", worker.join().getName());
            assertNotSame(Thread.currentThread(), worker.join());
        } finally {
            vertx.close();
        }
    }

    @Test
    void handsFailuresOn() {
        ProblemException refusal = ProblemException.of(CommonProblem.MALFORMED, "no");

        assertSame(
                refusal,
                assertThrows(
                        ProblemException.class,
                        () -> work.run(() -> {
                                    throw refusal;
                                })
                                .await()
                                .indefinitely()));
    }

    private CompletableFuture<String> occupy() {
        return work.run(() -> {
                    try {
                        release.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    return "done";
                })
                .subscribeAsCompletionStage();
    }

    private static WorkSettings settings(int threads, int queue) {
        return new SmallRyeConfigBuilder()
                .withMapping(WorkSettings.class)
                .withDefaultValue("mp2p.auth.work.threads", Integer.toString(threads))
                .withDefaultValue("mp2p.auth.work.queue", Integer.toString(queue))
                .build()
                .getConfigMapping(WorkSettings.class);
    }
}
