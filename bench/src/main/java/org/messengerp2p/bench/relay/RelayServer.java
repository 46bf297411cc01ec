package org.messengerp2p.bench.relay;

import java.util.List;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.process.Processes;

/** A running server that passes messages between connected users, of this product or of another. */
public interface RelayServer extends AutoCloseable {

    Processes processes();

    /** Those of its processes that are JVMs: their garbage is collected before their memory is read. */
    List<Long> virtualMachines();

    /** Makes the users 0 to {@code count} − 1. Two neighbours, an even number and the next, may talk to each other. */
    void prepare(int count) throws InterruptedException;

    Entrance entrance();

    /** A client of it, whose calls are made on the generator's event loop. */
    RelayClient client(Generator generator, Entrance entrance);

    @Override
    void close();
}
