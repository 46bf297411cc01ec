package org.messengerp2p.bench.relay;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.messengerp2p.bench.load.Latencies;
import org.messengerp2p.bench.relay.RelayClient.Connection;

/**
 * Messages between neighbours: at a rate, whatever arrives, or as fast as they arrive, one under way from each
 * connection. One use.
 */
final class RelayLoad {

    private final List<Connection> connections;
    private final Numbered bodies = new Numbered();
    private final int total;
    private final long nanosApart;
    private final long[] since;
    private final boolean[] here;
    private final Latencies latencies;
    private final Promise<Void> done = Promise.promise();
    private long began;
    private int sent;
    private int arrived;

    /**
     * @param connections of the users 0 and above, an even number of them
     * @param perSecond 0: as fast as it goes
     */
    RelayLoad(List<Connection> connections, int total, int perSecond) {
        this.connections = connections;
        this.total = total;
        this.nanosApart = perSecond == 0 ? 0 : 1_000_000_000L / perSecond;
        this.since = new long[total];
        this.here = new boolean[total];
        this.latencies = new Latencies(total);
    }

    /** @return the time of each from when it was due until it has arrived */
    Future<Latencies> run(Vertx vertx) {
        began = System.nanoTime();
        if (nanosApart == 0) {
            for (int user = 0; user < connections.size() && sent < total; user++) {
                send(user, System.nanoTime());
            }
        } else {
            long ticks = vertx.setPeriodic(1, tick -> sendWhatIsDue());
            done.future().onComplete(end -> vertx.cancelTimer(ticks));
        }
        return done.future().map(latencies);
    }

    /** @param at user to whom it came */
    void arrived(int at, Buffer body) {
        int number = Numbered.number(body);
        if (here[number]) {
            done.tryFail("message " + number + " came twice");
            return;
        }
        here[number] = true;
        latencies.add(System.nanoTime() - since[number]);
        arrived++;
        if (arrived == total) {
            done.tryComplete();
        } else if (nanosApart == 0 && sent < total) {
            send(neighbour(at), System.nanoTime());
        }
    }

    void refused(String why) {
        done.tryFail(why);
    }

    private void sendWhatIsDue() {
        while (sent < total && !done.future().isComplete()) {
            long due = began + sent * nanosApart;
            if (due > System.nanoTime()) {
                return;
            }
            send(sent % connections.size(), due);
        }
    }

    private void send(int user, long due) {
        since[sent] = due;
        connections.get(user).send(neighbour(user), bodies.message(sent++));
    }

    private static int neighbour(int user) {
        return user ^ 1;
    }
}
