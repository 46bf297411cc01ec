package org.messengerp2p.bench.load;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** What the generator does to a {@link Candidate}. */
public interface MailboxClient {

    /** Stores for a recipient. Completes when the server says that it has committed, where it {@link #confirms}. */
    Future<Void> store(int box, Buffer body);

    /** Most stores that are under way when it goes as fast as it can. */
    int window();

    /** Whether the server confirms a store at all. Where not, the table is asked. */
    default boolean confirms() {
        return true;
    }

    /** What a recipient does before it can take what waits; its cost is not that of a message. */
    default Future<Void> signIn(int box) {
        return Future.succeededFuture();
    }

    /**
     * Takes everything that waits for a recipient and acknowledges it, as that system does. Completes when the server has
     * confirmed that it is gone, or, where the protocol has no such thing, when {@code expected} messages are here.
     *
     * @return how many came
     */
    Future<Integer> drain(int box, int expected);

    Future<Void> close();
}
