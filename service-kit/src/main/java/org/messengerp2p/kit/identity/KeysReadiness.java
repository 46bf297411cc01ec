package org.messengerp2p.kit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before tokens can be verified. */
@Readiness
@ApplicationScoped
public class KeysReadiness implements HealthCheck {

    private final VerificationKeys keys;

    KeysReadiness(VerificationKeys keys) {
        this.keys = keys;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("token keys").status(keys.loaded()).build();
    }
}
