package org.messengerp2p.signaling.connection;

import java.util.Locale;

/** Why a frame reached nobody, or a connection ended with what waited for it. */
public enum Dropped {
    /** Over the rate of its kind; its sender is told. */
    RATE_LIMITED,
    /** A RELAY or a message over its limit in bytes. */
    TOO_LARGE,
    /** The wrong form; its connection ends by 1008. */
    MALFORMED,
    /** Against RFC 6455; its connection ends by 1002 or 1007. */
    VIOLATION,
    /** A TAKEN whose RELAY did not come to this connection, or whose addressee is gone or does not read. */
    TAKEN,
    /** The queue of its receiver is full. */
    QUEUE_FULL,
    /** The queues of the sockets from one address together hold what they may. */
    ADDRESS_FULL,
    /** The queues of all sockets together hold what they may. */
    MEMORY_FULL,
    /** Too much of its sender waits for other replicas. */
    ELSEWHERE_FULL,
    /** No memory is left for messages of which a part has come; its connection ends by 1013. */
    PARTIAL_FULL,
    /** A message of which a part has come, and not the rest in time; its connection ends by 1013. */
    PARTIAL_LATE,
    /** A connection that did not read what it was sent, ended by 1013. */
    SLOW_READER;

    /** The value of the tag {@code reason}. */
    String reason() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
