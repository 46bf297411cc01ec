package org.messengerp2p.auth;

import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.messengerp2p.auth.secret.ServerSecrets;

/** What this server is to its clients: settings that all services share, and the key of its log. */
@Singleton
public class ServerSettings {
    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]*:[0-9a-f:.]*");
    private static final int LONGEST_TTL_DAYS = 365;

    private final String canonicalHost;
    private final int mailboxTtlDays;
    private final byte[] logKey;

    ServerSettings(
            @ConfigProperty(name = "mp2p.canonical-host") String canonicalHost,
            @ConfigProperty(name = "mp2p.mailbox-ttl-days") int mailboxTtlDays,
            ServerSecrets secrets) {
        if (!HOST.matcher(canonicalHost).matches()) {
            throw new IllegalStateException("mp2p.canonical-host is a host name: lower case, no port, no trailing dot");
        }
        if (mailboxTtlDays < 1 || mailboxTtlDays > LONGEST_TTL_DAYS) {
            throw new IllegalStateException("mp2p.mailbox-ttl-days is between 1 and 365");
        }
        this.canonicalHost = canonicalHost;
        this.mailboxTtlDays = mailboxTtlDays;
        this.logKey = secrets.logKey().publicKey();
    }

    /**
     * The one host name by which clients reach this server: lower case, A-label, no port, no trailing dot (MP2P/1
     * §9.1). Passwords derive under it, so it does not change once there are accounts.
     */
    public String canonicalHost() {
        return canonicalHost;
    }

    /** Days for which an envelope waits. */
    public int mailboxTtlDays() {
        return mailboxTtlDays;
    }

    /** The key that signs the heads of the key log, 32 bytes (MP2P/1 §10.1). */
    public byte[] logKey() {
        return logKey.clone();
    }
}
