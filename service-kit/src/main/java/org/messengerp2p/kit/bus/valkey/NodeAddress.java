package org.messengerp2p.kit.bus.valkey;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a node of Valkey is. Accounts are shared out by the names of the nodes, so two spellings of one address are one
 * name here, in every process.
 *
 * @param scheme {@code redis}, or {@code rediss} with TLS
 * @param userInfo user and password, as they stand in the URI; null where there are none
 * @param host a name in lower case, or an address in its one form
 * @param rest number of the database, and what else the client of Vert.x reads from a URI
 */
record NodeAddress(String scheme, String userInfo, String host, int port, String rest) {

    private static final Set<String> SCHEMES = Set.of("redis", "rediss");
    private static final int USUAL_PORT = 6379;
    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern DATABASE = Pattern.compile("(/[0-9]{0,5})?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]*");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
    private static final String WRONG_PORT = "has a port that is not between 1 and " + HIGHEST_PORT;

    /**
     * Reads the value of a setting.
     *
     * @throws ConfigurationException with a sentence that names the setting, and no password
     */
    static NodeAddress parse(String setting, String value) {
        URI uri;
        try {
            uri = new URI(value.strip());
        } catch (URISyntaxException noUri) {
            throw wrong(setting, value, "is no URI such as redis://valkey:6379");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw wrong(setting, value, "does not begin with redis:// or, for TLS, rediss://");
        }
        // That of a name with an underscore is null, and Vert.x cannot connect to it.
        if (uri.getHost() == null) {
            throw wrong(setting, value, whyNoHost(authorityOf(uri)));
        }
        int port = uri.getPort() == -1 ? USUAL_PORT : uri.getPort();
        if (port < 1 || port > HIGHEST_PORT) {
            throw wrong(setting, value, WRONG_PORT);
        }
        if (!DATABASE.matcher(uri.getPath()).matches()) {
            throw wrong(setting, value, "has a path that is not the number of a database");
        }
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        try {
            return new NodeAddress(scheme, uri.getRawUserInfo(), oneForm(uri.getHost()), port, uri.getPath() + query);
        } catch (UnknownHostException noAddress) {
            throw wrong(setting, value, "has an address that is none");
        }
    }

    /** Whether it says nothing but where the node is. */
    boolean isPlain() {
        return userInfo == null && (rest.isEmpty() || rest.equals("/"));
    }

    boolean hasTls() {
        return scheme.equals("rediss");
    }

    /** The same user, password and database at another node. */
    NodeAddress at(NodeAddress other) {
        return new NodeAddress(scheme, userInfo, other.host, other.port, rest);
    }

    /** What is hashed, logged and counted by. */
    String name() {
        return host + ':' + port;
    }

    /** As the client of Vert.x reads it; may hold a password. */
    String uri() {
        return scheme + "://" + (userInfo == null ? "" : userInfo + '@') + name() + rest;
    }

    /** Tells no password. */
    @Override
    public String toString() {
        return scheme + "://" + name();
    }

    /** An address as Java writes it, be it shortened or not; nobody is asked for that. */
    private static String oneForm(String host) throws UnknownHostException {
        if (!host.startsWith("[") && !DIGITS_AND_DOTS.matcher(host).matches()) {
            String name = host.toLowerCase(Locale.ROOT);
            return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        }
        String address = InetAddress.getByName(host).getHostAddress();
        return address.contains(":") ? '[' + address + ']' : address;
    }

    private static String whyNoHost(String authority) {
        int colon = authority.lastIndexOf(':');
        if (colon > 0 && isHost(authority.substring(0, colon))) {
            return WRONG_PORT;
        }
        return "has no host name of letters, digits, dots and inner dashes"
                + (authority.contains("_")
                        ? "; with Compose, give a service whose name has an underscore an alias on its network"
                        : "");
    }

    private static boolean isHost(String name) {
        try {
            return new URI("redis://" + name).getHost() != null;
        } catch (URISyntaxException none) {
            return false;
        }
    }

    /** With a sentence that begins with the setting, and shows of its value what is no password. */
    static ConfigurationException wrong(String setting, String value, String why) {
        return new ConfigurationException(setting + shown(value) + ' ' + why + '.');
    }

    /** Scheme, host and port; nothing where it is not certain that they are no more than that. */
    private static String shown(String value) {
        try {
            URI uri = new URI(value.strip());
            if (uri.getScheme() == null || uri.getRawAuthority() == null) {
                return "";
            }
            // With a slash or the like in a password, what comes before that would pass for host and port.
            int end = uri.getScheme().length()
                    + "://".length()
                    + uri.getRawAuthority().length();
            return uri.toString().lastIndexOf('@') < end ? ": " + uri.getScheme() + "://" + shownOf(uri) : "";
        } catch (URISyntaxException noUri) {
            return "";
        }
    }

    /** What stands where the port should may be a password whose host was forgotten. */
    private static String shownOf(URI uri) {
        String authority = authorityOf(uri);
        int colon = authority.indexOf(':');
        return uri.getHost() != null
                        || colon == -1
                        || DIGITS.matcher(authority.substring(colon + 1)).matches()
                ? authority
                : authority.substring(0, colon);
    }

    /** Without user and password. */
    private static String authorityOf(URI uri) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        return authority.substring(authority.lastIndexOf('@') + 1);
    }
}
