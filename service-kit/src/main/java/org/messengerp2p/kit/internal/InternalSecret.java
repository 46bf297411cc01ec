package org.messengerp2p.kit.internal;

import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.messengerp2p.kit.secret.SharedSecret;

/** The bearer secret of the calls between services. */
@ApplicationScoped
public class InternalSecret {

    /** Characters. */
    private static final int SHORTEST = 32;

    private final SharedSecret secret;

    InternalSecret(InternalSettings settings) {
        this.secret = new SharedSecret("mp2p.internal.secret-file", settings.secretFile(), SHORTEST);
    }

    /**
     * Value of the {@code Authorization} header of a call. Read from the file each time it is asked for by a client.
     *
     * @throws ConfigurationException with a sentence
     */
    public String authorization() {
        return "Bearer " + secret.read();
    }

    /** Compares in constant time. */
    static boolean matches(String expected, String given) {
        return given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
