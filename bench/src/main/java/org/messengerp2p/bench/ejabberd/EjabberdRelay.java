package org.messengerp2p.bench.ejabberd;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.List;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.process.Processes;
import org.messengerp2p.bench.relay.Entrance;
import org.messengerp2p.bench.relay.RelayClient;
import org.messengerp2p.bench.relay.RelayServer;
import org.messengerp2p.bench.relay.Sockets;

/** ejabberd between users who are online. To be connected is to be bound and to have sent the first presence. */
public record EjabberdRelay(Ejabberd ejabberd) implements RelayServer {

    @Override
    public Processes processes() {
        return ejabberd.withDatabase();
    }

    @Override
    public List<Long> virtualMachines() {
        return List.of();
    }

    @Override
    public void prepare(int count) {
        ejabberd.prepare(count);
    }

    @Override
    public Entrance entrance() {
        return ejabberd.entrance();
    }

    @Override
    public RelayClient client(Generator generator, Entrance entrance) {
        Sockets sockets = new Sockets(generator.vertx(), entrance);
        return (user, receiver) -> XmppSession.open(sockets, user)
                .compose(session -> session.comeOnline(body -> receiver.message(beginningOf(body)))
                        .map(online -> new Talker(session)));
    }

    @Override
    public void close() {
        ejabberd.close();
    }

    private static Buffer beginningOf(String body) {
        return Buffer.buffer(Base64.getDecoder().decode(body.substring(0, 8)));
    }

    private record Talker(XmppSession session) implements RelayClient.Connection {

        @Override
        public void send(int to, Buffer body) {
            session.send(to, Base64.getEncoder().encodeToString(body.getBytes()));
        }

        @Override
        public Future<Void> close() {
            return session.close();
        }
    }
}
