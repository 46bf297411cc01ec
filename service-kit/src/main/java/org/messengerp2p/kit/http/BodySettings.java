package org.messengerp2p.kit.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How many bytes of request bodies a service has in hand at the same time, and how long it waits for one. */
@ConfigMapping(prefix = "mp2p.http.bodies")
public interface BodySettings {

    /** From everywhere; by default an eighth of the largest heap, since a body becomes several objects of its size. */
    Optional<MemorySize> inAll();

    /** From one address prefix; by default a quarter of what is taken in all. */
    Optional<MemorySize> byAddress();

    /** A body may take this long, whatever its size. */
    @WithDefault("PT10S")
    Duration grace();

    /** After that, what must have come by each further second; who is slower is cut off. */
    @WithDefault("16K")
    MemorySize slowest();
}
