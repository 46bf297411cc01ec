package org.messengerp2p.kit.setup;

/** A container that reads secrets: its directory in the volume and the user that it runs as (docker-compose.yml). */
enum Reader {
    AUTH_SERVICE("auth-service", 10001),
    MAILBOX_SERVICE("mailbox-service", 10002),
    SIGNALING_SERVICE("signaling-service", 10003),
    // Not the 999 of its image: that is PostgreSQL's too, and one user's secrets are no other's.
    VALKEY("valkey", 10004),
    POSTGRES("postgres", 999),
    COTURN("coturn", 65534),
    GATEWAY("gateway", 101);

    private final String directory;
    private final int user;

    Reader(String directory, int user) {
        this.directory = directory;
        this.user = user;
    }

    String directory() {
        return directory;
    }

    /** Its group has the same number. */
    int user() {
        return user;
    }
}
