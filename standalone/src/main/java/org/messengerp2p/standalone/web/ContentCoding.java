package org.messengerp2p.standalone.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Content codings in the order in which they are preferred (RFC 9110 §8.4.1). */
enum ContentCoding {
    BROTLI("br", ".br"),
    GZIP("gzip", ".gz"),
    IDENTITY("identity", "");

    private final String token;
    private final String suffix;

    ContentCoding(String token, String suffix) {
        this.token = token;
        this.suffix = suffix;
    }

    String token() {
        return token;
    }

    /** Ending that the build gives to the file in this coding. */
    String suffix() {
        return suffix;
    }

    /** The best of what is there and what {@code Accept-Encoding} names; weights other than zero are not ranked. */
    static ContentCoding choose(String acceptEncoding, Set<ContentCoding> available) {
        return Arrays.stream(values())
                .filter(available::contains)
                .filter(coding -> coding == IDENTITY || coding.acceptedBy(acceptEncoding))
                .findFirst()
                .orElse(IDENTITY);
    }

    private boolean acceptedBy(String acceptEncoding) {
        return acceptEncoding != null
                && Arrays.stream(acceptEncoding.toLowerCase(Locale.ROOT).split(","))
                        .map(String::strip)
                        .anyMatch(entry -> {
                            String[] parts = entry.split("\\s*;\\s*");
                            boolean refused = parts.length > 1 && parts[1].matches("q=0(\\.0*)?");
                            return parts[0].equals(token) && !refused;
                        });
    }
}
