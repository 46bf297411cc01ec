package org.messengerp2p.bench.relay;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** What the generator does to a {@link RelayServer}. */
public interface RelayClient {

    /** Signs a user in. Completes when the server brings messages to the new connection. */
    Future<Connection> open(int user, Receiver receiver);

    /** A user who is connected. */
    interface Connection {

        void send(int to, Buffer body);

        Future<Void> close();
    }

    /** What a connection is told. */
    interface Receiver {

        /** @param body of a message, or the beginning of it: {@link Numbered#BYTES} at least */
        void message(Buffer body);

        /** The server did not pass on what this user sent, or has ended the connection. */
        void refused(String why);
    }
}
