package org.messengerp2p.auth.token;

import java.net.URI;
import java.time.Duration;
import org.messengerp2p.kit.identity.TokenSettings;

/** How another service reads the published keys. */
record JwksReading(URI jwksUrl, Duration jwksRefresh, Duration jwksRetry) implements TokenSettings {
    static JwksReading every(Duration pause, URI jwks) {
        return new JwksReading(jwks, pause, pause);
    }
}
