package org.messengerp2p.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreLoadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Generator generator = new Generator();

    @AfterEach
    void end() {
        generator.close();
    }

    @Test
    void storesEachMessageOnceAndInTurn() throws InterruptedException {
        Answering client = new Answering(0);

        Latencies latencies = run(client, new Boxes(7, 3), 300, 0);

        assertEquals(300, latencies.count());
        assertEquals(300, client.bodies.size());
        assertEquals(Map.of(7, 100, 8, 100, 9, 100), client.stored);
    }

    @Test
    void flatOutNoMoreIsUnderWayThanTheWindow() throws InterruptedException {
        Answering client = new Answering(1);

        run(client, new Boxes(0, 2), 100, 0);

        assertEquals(client.window(), client.mostUnderWay);
    }

    @Test
    void atARateItDoesNotWaitForAnswers() throws InterruptedException {
        Answering client = new Answering(100);

        Latencies latencies = run(client, new Boxes(0, 2), 100, 1000);

        assertTrue(client.mostUnderWay > client.window());
        assertTrue(latencies.millis(50) >= 99, "each answer takes 100 ms");
    }

    @Test
    void aFailedStoreEndsTheRun() {
        Answering client = new Answering(0) {
            @Override
            public Future<Void> store(int box, Buffer body) {
                return Future.failedFuture("no");
            }
        };

        assertThrows(IllegalStateException.class, () -> run(client, new Boxes(0, 1), 10, 0));
    }

    @Test
    void percentilesAreOfTheNearestRank() {
        Latencies latencies = new Latencies(1);
        for (int millis = 100; millis >= 1; millis--) {
            latencies.add(millis * 1_000_000L);
        }

        assertEquals(50, latencies.millis(50));
        assertEquals(99, latencies.millis(99));
        assertEquals(100, latencies.millis(100));
    }

    private Latencies run(MailboxClient client, Boxes boxes, int total, int perSecond) throws InterruptedException {
        StoreLoad load = new StoreLoad(client, new Bodies(), boxes, total, perSecond);
        return generator.await(PATIENCE, () -> load.run(generator.vertx()));
    }

    /** Answers after a time; at once where it is 0, before {@code store} has returned. */
    private class Answering implements MailboxClient {

        final Set<Buffer> bodies = new HashSet<>();
        final Map<Integer, Integer> stored = new HashMap<>();
        private final int millis;
        private int underWay;
        private int mostUnderWay;

        Answering(int millis) {
            this.millis = millis;
        }

        @Override
        public Future<Void> store(int box, Buffer body) {
            bodies.add(body);
            stored.merge(box, 1, Integer::sum);
            if (millis == 0) {
                return Future.succeededFuture();
            }
            mostUnderWay = Math.max(mostUnderWay, ++underWay);
            Promise<Void> answer = Promise.promise();
            generator.vertx().setTimer(millis, over -> {
                underWay--;
                answer.complete();
            });
            return answer.future();
        }

        @Override
        public int window() {
            return 4;
        }

        @Override
        public Future<Integer> drain(int box, int expected) {
            return Future.failedFuture("only stores");
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
