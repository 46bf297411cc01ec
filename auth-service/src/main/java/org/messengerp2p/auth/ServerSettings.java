package org.messengerp2p.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

/** What this server is to its clients. */
@ConfigMapping(prefix = "mp2p")
public interface ServerSettings {
    /**
     * The one host name by which clients reach this server: lower case, A-label, no port, no trailing dot (MP2P/1
     * §9.1). Passwords derive under it, so it does not change once there are accounts.
     */
    @WithDefault("localhost")
    @Pattern(regexp = "[a-z0-9]([a-z0-9.:-]*[a-z0-9])?")
    String canonicalHost();

    /** Days for which an envelope waits. */
    @WithDefault("30")
    @Min(1)
    @Max(365)
    int mailboxTtlDays();
}
