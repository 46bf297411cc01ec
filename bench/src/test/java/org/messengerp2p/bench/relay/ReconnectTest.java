package org.messengerp2p.bench.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.process.Processes;

class ReconnectTest {

    private static final int COUNT = Reconnect.HANDSHAKES + 100;

    private final Generator generator = new Generator();

    @AfterEach
    void end() {
        generator.close();
    }

    @Test
    void allComeBackAtOnce() throws InterruptedException {
        Door door = new Door(false);

        Map<String, Double> figures = new Reconnect(generator, door).measure(COUNT);

        assertEquals(COUNT, figures.get("back_sockets"));
        assertEquals(COUNT, door.mostUnderWay);
    }

    @Test
    void byTlsNoMoreAreUnderWayThanOneThreadCanPlay() throws InterruptedException {
        Door door = new Door(true);

        Map<String, Double> figures = new Reconnect(generator, door).measure(COUNT);

        assertEquals(COUNT, figures.get("back_sockets"));
        assertEquals(Reconnect.HANDSHAKES, door.mostUnderWay);
    }

    @Test
    void whoFailsTriesAgainAndIsCounted() throws InterruptedException {
        Door door = new Door(true);
        door.refusals = 3;

        Map<String, Double> figures = new Reconnect(generator, door).measure(10);

        assertEquals(10, figures.get("back_sockets"));
        assertEquals(3, figures.get("back_failed"));
    }

    @Test
    void whoFailsAlikeIsToldOfTogether() {
        String one = Reconnect.kind(new ConnectException("refused: /127.1.0.3:40123"));
        String another = Reconnect.kind(new ConnectException("refused: /127.1.14.250:9"));

        assertEquals("ConnectException: refused: /0.0.0.0:0", one);
        assertEquals(one, another);
    }

    /** Stands where a server would. */
    private final class Door implements RelayServer, RelayClient {

        private final boolean tls;
        private int refusals;
        private int closed;
        private int underWay;
        private int mostUnderWay;

        Door(boolean tls) {
            this.tls = tls;
        }

        @Override
        public Future<Connection> open(int user, Receiver receiver) {
            underWay++;
            mostUnderWay = Math.max(mostUnderWay, underWay);
            Promise<Connection> opened = Promise.promise();
            generator.vertx().setTimer(1, over -> {
                underWay--;
                if (closed > 0 && refusals > 0) {
                    refusals--;
                    opened.fail("closed");
                } else {
                    opened.complete(new Connection() {
                        @Override
                        public void send(int to, Buffer body) {
                            throw new IllegalStateException("nobody has anything to send");
                        }

                        @Override
                        public Future<Void> close() {
                            closed++;
                            return Future.succeededFuture();
                        }
                    });
                }
            });
            return opened.future();
        }

        @Override
        public Entrance entrance() {
            return Entrance.local(1, tls);
        }

        @Override
        public RelayClient client(Generator generator, Entrance entrance) {
            return this;
        }

        @Override
        public Processes processes() {
            return new Processes(List.of(), List.of(), List.of());
        }

        @Override
        public List<Long> virtualMachines() {
            return List.of();
        }

        @Override
        public void prepare(int count) {
            // nobody signs in
        }

        @Override
        public void close() {
            // nothing was started
        }
    }
}
