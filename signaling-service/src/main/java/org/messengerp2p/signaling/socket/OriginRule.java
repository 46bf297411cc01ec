package org.messengerp2p.signaling.socket;

import io.vertx.core.net.HostAndPort;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.messengerp2p.signaling.SignalingSettings;

/**
 * Which pages may open a socket. A page of another site has no token to show, so this is the second lock on the
 * door; but WebSockets know no same-origin policy, and one careless page with a stolen token is enough.
 */
@ApplicationScoped
class OriginRule {

    private final Set<String> allowed;
    private final boolean missingAllowed;

    OriginRule(SignalingSettings settings) {
        this.allowed = settings.origins().orElse(Set.of()).stream()
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        this.missingAllowed = settings.missingOriginAllowed();
    }

    /**
     * @param origin the {@code Origin} header, or null
     * @param requested the host and port that the request names, or null
     */
    boolean allows(String origin, HostAndPort requested) {
        if (origin == null) {
            return missingAllowed;
        }
        return allowed.isEmpty() ? isSameHost(origin, requested) : allowed.contains(origin.toLowerCase(Locale.ROOT));
    }

    /** The scheme is left out: behind a gateway the service does not see it. {@code Origin: null} has no host. */
    private static boolean isSameHost(String origin, HostAndPort requested) {
        try {
            URI page = new URI(origin);
            int usualPort = usualPort(page.getScheme());
            return requested != null
                    && usualPort != 0
                    && page.getHost() != null
                    && page.getHost().equalsIgnoreCase(requested.host())
                    && orElse(page.getPort(), usualPort) == orElse(requested.port(), usualPort);
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static int usualPort(String scheme) {
        if ("https".equals(scheme)) {
            return 443;
        }
        return "http".equals(scheme) ? 80 : 0;
    }

    private static int orElse(int port, int usualPort) {
        return port <= 0 ? usualPort : port;
    }
}
