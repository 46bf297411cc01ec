package org.messengerp2p.standalone.launch;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.messengerp2p.standalone.CannotStart;

/**
 * What must be known before anything starts, from the environment. All other settings are those of the services.
 *
 * @param data {@code MESSENGER_DATA}: everything that is kept; default {@code $XDG_DATA_HOME/messenger-p2p}, which is
 *     {@code ~/.local/share/messenger-p2p}
 * @param web {@code MESSENGER_WEB}: directory of the page's release files
 * @param host {@code MESSENGER_HOST}: the one canonical host name that browsers use; default {@code localhost}
 * @param listen {@code MESSENGER_LISTEN}: address to listen on; default {@code 127.0.0.1}, this machine only
 * @param port {@code MESSENGER_PORT}: HTTPS; default 8443
 * @param managementPort {@code MESSENGER_MANAGEMENT_PORT}: health and metrics, on 127.0.0.1 only; default 9000
 */
record LaunchSettings(Path data, Path web, String host, String listen, int port, int managementPort) {

    static LaunchSettings of(Map<String, String> environment) {
        return new LaunchSettings(
                data(environment),
                path("MESSENGER_WEB", environment.getOrDefault("MESSENGER_WEB", "web-ui/dist")),
                environment.getOrDefault("MESSENGER_HOST", "localhost").toLowerCase(Locale.ROOT),
                environment.getOrDefault("MESSENGER_LISTEN", "127.0.0.1"),
                port(environment, "MESSENGER_PORT", 8443),
                port(environment, "MESSENGER_MANAGEMENT_PORT", 9000));
    }

    /** What a person types into a browser. */
    String url() {
        return "https://" + (host.contains(":") ? "[" + host + "]" : host) + (port == 443 ? "" : ":" + port);
    }

    private static Path data(Map<String, String> environment) {
        if (isSet(environment, "MESSENGER_DATA")) {
            return path("MESSENGER_DATA", environment.get("MESSENGER_DATA"));
        }
        if (isSet(environment, "XDG_DATA_HOME")) {
            return path("XDG_DATA_HOME", environment.get("XDG_DATA_HOME")).resolve("messenger-p2p");
        }
        if (isSet(environment, "HOME")) {
            return path("HOME", environment.get("HOME")).resolve(".local/share/messenger-p2p");
        }
        throw new CannotStart("There is no home directory; set MESSENGER_DATA to a directory for the data.");
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }

    private static Path path(String name, String value) {
        try {
            return Path.of(value).toAbsolutePath().normalize();
        } catch (InvalidPathException invalid) {
            throw new CannotStart(name + " is not a path.", invalid);
        }
    }

    private static int port(Map<String, String> environment, String name, int otherwise) {
        String value = environment.getOrDefault(name, Integer.toString(otherwise));
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > 65535) {
            throw new CannotStart(name + " is '" + value + "'; it must be a port between 1 and 65535.");
        }
        return Integer.parseInt(value);
    }
}
