package org.messengerp2p.bench.relay;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.Latencies;
import org.messengerp2p.bench.process.CpuMeter;
import org.messengerp2p.bench.relay.RelayClient.Connection;
import org.messengerp2p.bench.relay.RelayClient.Receiver;

/**
 * Everybody is cut off and comes back at the same moment, without any jitter; who fails tries again after a second. By TLS
 * a part of them has its turn after the others: all are played by one thread, which the handshakes cost more than anybody.
 */
public final class Reconnect {

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int OPENING = 50;

    /**
     * Of TLS under way. With all 4,000 the one thread was not through with the first halves of their handshakes when the
     * gateway gave them up, ten seconds after it had taken them, and so each time they came again.
     */
    public static final int HANDSHAKES = 500;

    private static final int AGAIN_AFTER_MILLIS = 1_000;

    private final Generator generator;
    private final RelayServer server;
    private final RelayClient client;
    private final Map<String, Integer> failed = new TreeMap<>();

    public Reconnect(Generator generator, RelayServer server) {
        this.generator = generator;
        this.server = server;
        this.client = server.client(generator, server.entrance());
    }

    /** @return figures by the names under which the results have them; times from the cut */
    public Map<String, Double> measure(int count) throws InterruptedException {
        server.prepare(count);
        Connection[] connections = new Connection[count];
        generator.await(
                LONGEST,
                () -> Crowd.each(
                        0,
                        count,
                        OPENING,
                        user -> open(user)
                                .onSuccess(connection -> connections[user] = connection)
                                .mapEmpty()));

        CpuMeter meter = new CpuMeter(server.processes());
        Latencies back = new Latencies(count);
        generator.await(LONGEST, () -> {
            long cut = System.nanoTime();
            for (Connection connection : connections) {
                connection.close();
            }
            return Crowd.each(
                    0,
                    count,
                    server.entrance().tls() ? HANDSHAKES : count,
                    user -> untilOpen(user)
                            .onSuccess(connection -> back.add(System.nanoTime() - cut))
                            .mapEmpty());
        });
        CpuMeter.Spent spent = meter.read();
        failed.forEach((why, tries) -> System.err.println("bench: " + tries + " tries to come back failed: " + why));
        Map<String, Double> figures = new HashMap<>(spent.figures("back", count));
        figures.put("back_sockets", (double) back.count());
        figures.put("back_half_s", back.millis(50) / 1_000);
        figures.put("back_all_s", back.millis(100) / 1_000);
        figures.put("back_failed", (double)
                failed.values().stream().mapToInt(tries -> tries).sum());
        return figures;
    }

    private Future<Connection> untilOpen(int user) {
        return open(user).recover(refused -> {
            failed.merge(kind(refused), 1, Integer::sum);
            return later().compose(again -> untilOpen(user));
        });
    }

    /** The same for all who failed alike: an address and a port are each one's own. */
    static String kind(Throwable refused) {
        String told = String.valueOf(refused.getMessage()).replaceAll("\\d+", "0");
        return refused.getClass().getSimpleName() + ": " + told;
    }

    private Future<Connection> open(int user) {
        return client.open(user, new Silent());
    }

    private Future<Void> later() {
        Promise<Void> over = Promise.promise();
        Vertx vertx = generator.vertx();
        vertx.setTimer(AGAIN_AFTER_MILLIS, timer -> over.complete());
        return over.future();
    }

    /** The old connection may hear that the new one has taken its place. */
    private record Silent() implements Receiver {

        @Override
        public void message(Buffer body) {
            throw new IllegalStateException("nobody has sent anything");
        }

        @Override
        public void refused(String why) {
            // told of the old connection, which is being closed
        }
    }
}
