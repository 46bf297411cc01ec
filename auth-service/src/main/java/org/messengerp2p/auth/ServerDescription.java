package org.messengerp2p.auth;

/** The {@code server} object of MP2P/1 §20. */
public record ServerDescription(String canonicalHost, int mailboxTtlDays, byte[] logKey) {
    public static ServerDescription of(ServerSettings settings) {
        return new ServerDescription(settings.canonicalHost(), settings.mailboxTtlDays(), settings.logKey());
    }
}
