package org.messengerp2p.kit.http;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses to start where anybody could name an address of their own: limits by address are worth nothing if Forwarded
 * headers are believed from everyone.
 */
@ApplicationScoped
public class ForwardedAddresses {
    private final boolean believed;
    private final Optional<List<String>> trustedProxies;

    ForwardedAddresses(
            @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
                    boolean believed,
            @ConfigProperty(name = "quarkus.http.proxy.trusted-proxies") Optional<List<String>> trustedProxies) {
        this.believed = believed;
        this.trustedProxies = trustedProxies;
    }

    void check(@Observes StartupEvent event) {
        if (believed && trustedProxies.filter(proxies -> !proxies.isEmpty()).isEmpty()) {
            throw new IllegalStateException("quarkus.http.proxy.proxy-address-forwarding needs"
                    + " quarkus.http.proxy.trusted-proxies: the proxies that are believed");
        }
    }
}
