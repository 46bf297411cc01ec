package org.messengerp2p.bench.ejabberd;

/**
 * How ejabberd runs.
 *
 * @param busyWait as it comes, or with schedulers that sleep when there is nothing to do
 * @param tls whether its sockets are TLS, which ends in it
 */
public record Form(boolean busyWait, boolean tls) {}
