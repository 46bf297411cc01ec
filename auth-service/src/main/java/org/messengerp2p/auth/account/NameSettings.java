package org.messengerp2p.auth.account;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** User names. */
@ConfigMapping(prefix = "mp2p.auth.names")
interface NameSettings {
    /** Time for which nobody may take the name of a deleted account, or one that looks like it. */
    @WithDefault("P30D")
    @DurationMin
    Duration heldBackFor();
}
