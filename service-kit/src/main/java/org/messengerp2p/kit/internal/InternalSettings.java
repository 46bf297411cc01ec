package org.messengerp2p.kit.internal;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The listener and the calls between services (architecture: "Between services"); unused in one process. */
@ConfigMapping(prefix = "mp2p.internal")
public interface InternalSettings {

    /** Whether this process listens for other services. */
    @WithDefault("true")
    boolean enabled();

    /** Address to listen on; the internal network in a container. */
    @WithDefault("127.0.0.1")
    String host();

    /** Port to listen on, never routed from outside. */
    int port();

    /** File with the bearer secret that caller and callee share: one line, at least 32 characters. */
    Optional<Path> secretFile();
}
