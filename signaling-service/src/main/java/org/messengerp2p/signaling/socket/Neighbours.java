package org.messengerp2p.signaling.socket;

import org.messengerp2p.signaling.connection.MemoryShare;

/**
 * The open sockets from one address, and what they share: one client has an address sooner than anything else, and can hold
 * as many sockets by it as a whole house does.
 */
final class Neighbours {

    private final MemoryShare unsent;
    private final MemoryShare partial;
    private volatile int open;

    /**
     * @param unsent memory for what they have not been sent yet
     * @param partial memory for messages of which they have sent a part
     */
    Neighbours(MemoryShare unsent, MemoryShare partial) {
        this.unsent = unsent;
        this.partial = partial;
    }

    MemoryShare unsent() {
        return unsent;
    }

    MemoryShare partial() {
        return partial;
    }

    int open() {
        return open;
    }

    /** By {@link OpenSockets} alone, one thread at a time. */
    void add(int sockets) {
        open += sockets;
    }
}
