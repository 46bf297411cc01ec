package org.messengerp2p.auth.work;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.util.OptionalInt;

/** Bounds of {@link BoundedWork}. */
@ConfigMapping(prefix = "mp2p.auth.work")
public interface WorkSettings {
    /** Worker threads; the number of cores where it is not set. */
    OptionalInt threads();

    /** Pieces of work that may wait; at 36 ms each and 2 threads the last of 64 waits about 1.2 s. */
    @WithDefault("64")
    @Min(1)
    int queue();
}
