package org.messengerp2p.bench.relay;

/**
 * Where a server, or the gateway before it, is reached on this machine.
 *
 * @param host as a browser names it
 */
public record Entrance(String host, int port, boolean tls) {

    public static Entrance local(int port, boolean tls) {
        return new Entrance("localhost", port, tls);
    }

    /** Of the page. */
    public String origin() {
        return (tls ? "https" : "http") + "://" + host + ":" + port;
    }
}
