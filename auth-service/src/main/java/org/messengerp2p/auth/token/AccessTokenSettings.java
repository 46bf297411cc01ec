package org.messengerp2p.auth.token;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What a device gets for its signature. */
@ConfigMapping(prefix = "mp2p.auth.access-token")
public interface AccessTokenSettings {
    /** Time until it expires and the device signs again (MP2P/1 §9.2); at most an hour. */
    @WithDefault("PT10M")
    Duration life();
}
