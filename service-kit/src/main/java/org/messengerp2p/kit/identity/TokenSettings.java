package org.messengerp2p.kit.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where a service that does not sign tokens itself finds the keys. */
@ConfigMapping(prefix = "mp2p.tokens")
public interface TokenSettings {

    /** JWKS of auth-service, on the internal network. */
    @WithDefault("http://127.0.0.1:8081/api/auth/v1/jwks")
    URI jwksUrl();

    /**
     * How often it is read again: so long a key that was revoked may count here. auth-service publishes a key for much
     * longer than this before it signs with it.
     */
    @WithDefault("PT30S")
    Duration jwksRefresh();

    /** Time between tries while no keys are known. */
    @WithDefault("PT1S")
    Duration jwksRetry();
}
