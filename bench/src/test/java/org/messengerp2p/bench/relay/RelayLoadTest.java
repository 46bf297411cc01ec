package org.messengerp2p.bench.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.Latencies;

class RelayLoadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Generator generator = new Generator();
    private final Wires wires = new Wires();

    @AfterEach
    void end() {
        generator.close();
    }

    @Test
    void everyMessageGoesToTheNeighbourAndArrivesOnce() throws InterruptedException {
        Latencies latencies = run(4, 200, 0);

        assertEquals(200, latencies.count());
        assertEquals(200, wires.numbers.size());
        assertEquals(Set.of("0>1", "1>0", "2>3", "3>2"), wires.ways);
    }

    @Test
    void flatOutOneIsUnderWayFromEachConnection() throws InterruptedException {
        wires.millis = 1;

        run(4, 100, 0);

        assertEquals(4, wires.mostUnderWay);
    }

    @Test
    void atARateItWaitsForNobodyAndCountsFromWhenEachWasDue() throws InterruptedException {
        wires.millis = 100;

        Latencies latencies = run(2, 100, 1000);

        assertTrue(wires.mostUnderWay > 2);
        assertTrue(latencies.millis(1) >= 99, "each takes 100 ms");
    }

    @Test
    void aMessageThatComesTwiceEndsTheRun() {
        wires.twice = true;

        assertThrows(IllegalStateException.class, () -> run(2, 100, 0));
    }

    @Test
    void aMessageThatIsRefusedEndsTheRun() {
        wires.refuses = true;

        assertThrows(IllegalStateException.class, () -> run(2, 100, 0));
    }

    private Latencies run(int connections, int total, int perSecond) throws InterruptedException {
        return generator.await(PATIENCE, () -> {
            List<RelayClient.Connection> all = new ArrayList<>();
            IntStream.range(0, connections).forEach(user -> all.add(wires.of(user)));
            wires.load = new RelayLoad(all, total, perSecond);
            return wires.load.run(generator.vertx());
        });
    }

    /** Stands where a server would. */
    private final class Wires {

        private final Set<Integer> numbers = new HashSet<>();
        private final Set<String> ways = new HashSet<>();
        private RelayLoad load;
        private long millis;
        private boolean twice;
        private boolean refuses;
        private int underWay;
        private int mostUnderWay;

        RelayClient.Connection of(int user) {
            return new RelayClient.Connection() {
                @Override
                public void send(int to, Buffer body) {
                    pass(user, to, body);
                }

                @Override
                public Future<Void> close() {
                    return Future.succeededFuture();
                }
            };
        }

        private void pass(int from, int to, Buffer body) {
            numbers.add(Numbered.number(body));
            ways.add(from + ">" + to);
            underWay++;
            mostUnderWay = Math.max(mostUnderWay, underWay);
            if (millis > 0) {
                generator.vertx().setTimer(millis, over -> arrive(to, body));
            } else {
                generator.vertx().runOnContext(next -> arrive(to, body));
            }
        }

        private void arrive(int to, Buffer body) {
            underWay--;
            if (refuses) {
                load.refused("not here");
                return;
            }
            load.arrived(to, body);
            if (twice) {
                load.arrived(to, body);
            }
        }
    }
}
