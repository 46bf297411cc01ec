package org.messengerp2p.mailbox.crash;

/** What is killed, and how. */
enum Victim {
    /** SIGKILL of the service. */
    SERVICE,
    /** SIGKILL of PostgreSQL's first process; the others notice, and may still commit before they end. */
    POSTMASTER,
    /** SIGKILL of all of PostgreSQL. */
    EVERY_POSTGRES_PROCESS,
    /** SIGQUIT: PostgreSQL ends without writing anything down, as before a power cut. */
    IMMEDIATE_SHUTDOWN;

    boolean isDatabase() {
        return this != SERVICE;
    }
}
