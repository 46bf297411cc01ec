package org.messengerp2p.signaling.connection;

/** Why the server ends a connection, as the client reads it (MP2P/1 §20.1). */
public enum CloseCode {
    /** The form of a message is wrong, or its type unknown. */
    MALFORMED(1008),
    /** A message is longer than the limit in {@code hello}. */
    TOO_LARGE(1009),
    /** A defect of this service; the client reconnects as after a network failure. */
    DEFECT(1011),
    /** The service stops; the reason is the seconds over which to spread the return. */
    RESTART(1012),
    /** The peer does not read what it is sent. */
    SLOW_READER(1013),
    /** The memory for messages of which a part has come is taken. */
    NO_MEMORY(1013),
    /** The token has ended, a new one was not good, or the device is revoked. */
    UNAUTHORIZED(4401),
    /** The device has opened a newer connection. */
    REPLACED(4409);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
