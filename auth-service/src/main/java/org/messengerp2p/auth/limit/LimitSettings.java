package org.messengerp2p.auth.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import org.messengerp2p.kit.limit.Limit;

/** Limits other than the defaults that {@link AuthLimit} lists. */
@ConfigMapping(prefix = "mp2p.auth")
interface LimitSettings {
    /** By the names of {@link AuthLimit}; a name that is not there stops the start. */
    Map<String, Limit> limits();

    /** Callers that one limit in memory remembers; each takes about 200 bytes. */
    @WithDefault("100000")
    int limitMemory();
}
