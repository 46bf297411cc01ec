package org.messengerp2p.bench.relay;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Arrays;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.Latencies;
import org.messengerp2p.bench.relay.RelayClient.Connection;
import org.messengerp2p.bench.relay.RelayClient.Receiver;

/** The connections that talk to each other: those of the users 0 and above, an even number of them. */
final class Pairs {

    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final int OPENING = 20;

    private final Generator generator;
    private final RelayClient client;
    private final Connection[] connections;
    private RelayLoad load;

    Pairs(Generator generator, RelayClient client, int connections) {
        this.generator = generator;
        this.client = client;
        this.connections = new Connection[connections];
    }

    void open() throws InterruptedException {
        generator.await(
                LONGEST,
                () -> Crowd.each(
                        0,
                        connections.length,
                        OPENING,
                        user -> client.open(user, new Speaker(user))
                                .onSuccess(connection -> connections[user] = connection)
                                .mapEmpty()));
    }

    /** @param perSecond 0: as fast as it goes */
    Latencies relay(int total, int perSecond) throws InterruptedException {
        return generator.await(LONGEST, () -> {
            load = new RelayLoad(Arrays.asList(connections), total, perSecond);
            return load.run(generator.vertx());
        });
    }

    void close() throws InterruptedException {
        generator.await(LONGEST, () -> Crowd.each(0, connections.length, OPENING, user -> connections[user].close()));
    }

    private final class Speaker implements Receiver {

        private final int user;

        private Speaker(int user) {
            this.user = user;
        }

        @Override
        public void message(Buffer body) {
            load.arrived(user, body);
        }

        @Override
        public void refused(String why) {
            if (load != null) {
                load.refused(why);
            }
        }
    }
}
