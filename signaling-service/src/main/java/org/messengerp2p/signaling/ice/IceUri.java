package org.messengerp2p.signaling.ice;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the URI of a STUN or TURN server looks like (RFC 7064, 7065). A browser that is given one it cannot read makes
 * no connection at all, not even a direct one.
 */
final class IceUri {

    private static final int HIGHEST_PORT = 65_535;
    /** Scheme, host (a name, or an address, that of IPv6 in brackets), port, transport. */
    private static final Pattern FORM = Pattern.compile(
            "([a-z]+):([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?(?:\\?transport=(udp|tcp))?");

    private IceUri() {}

    /** A sentence, where it is not that of a STUN server. */
    static Optional<String> whyNoStun(String uri) {
        return isRight(uri, List.of("stun", "stuns")) && !uri.contains("?")
                ? Optional.empty()
                : wrong("stun-uris", uri, "stun:host:port or stuns:host:port");
    }

    /** A sentence, where it is not that of a TURN server. */
    static Optional<String> whyNoTurn(String uri) {
        return isRight(uri, List.of("turn", "turns"))
                ? Optional.empty()
                : wrong("turn-uris", uri, "turn:host:port?transport=udp, or turns: and tcp");
    }

    private static boolean isRight(String uri, List<String> schemes) {
        Matcher parts = FORM.matcher(uri);
        return parts.matches()
                && schemes.contains(parts.group(1))
                && isAddressOrName(parts.group(2))
                && isPort(parts.group(3));
    }

    private static boolean isAddressOrName(String host) {
        try {
            return !host.startsWith("[") || new URI("turn://" + host).getHost() != null;
        } catch (URISyntaxException noAddress) {
            return false;
        }
    }

    private static boolean isPort(String port) {
        return port == null || Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= HIGHEST_PORT;
    }

    /** Before an {@code @} some write a password, and so nothing of such a one is shown. */
    private static Optional<String> wrong(String setting, String uri, String right) {
        String given = uri.contains("@") ? "a URI with a user in it" : uri;
        return Optional.of("mp2p.signaling.ice." + setting + " has " + given + "; each is of the form " + right + '.');
    }
}
