package org.messengerp2p.bench.load;

import java.util.List;

/** A running mailbox server, of this product or of another, with its database. */
public interface Candidate extends AutoCloseable {

    /** Roots of its processes, without the database's. */
    List<Long> processes();

    /** Whether its code is compiled while it runs, which costs the processor until all that is used often is compiled. */
    boolean compilesWhileItRuns();

    /** Makes the recipients 0 to {@code boxes} − 1, for whom nothing waits. */
    void prepare(int boxes) throws Exception;

    /** A client of it, whose calls are made on the generator's event loop. */
    MailboxClient client(Generator generator) throws Exception;

    /** Messages that wait in its table, asked past the server. */
    long waiting();

    @Override
    void close();
}
