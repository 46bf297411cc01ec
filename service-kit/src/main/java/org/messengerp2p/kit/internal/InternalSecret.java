package org.messengerp2p.kit.internal;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** The bearer secret of the calls between services. */
@ApplicationScoped
public class InternalSecret {

    private static final int MIN_LENGTH = 32;

    private final InternalSettings settings;

    InternalSecret(InternalSettings settings) {
        this.settings = settings;
    }

    /** Value of the {@code Authorization} header of a call. Read from the file each time it is asked for by a client. */
    public String authorization() {
        Path file = settings.secretFile()
                .orElseThrow(() -> new IllegalStateException("mp2p.internal.secret-file is not set"));
        try {
            String secret = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (secret.length() < MIN_LENGTH) {
                throw new IllegalStateException(
                        "the secret in mp2p.internal.secret-file is shorter than 32 characters");
            }
            return "Bearer " + secret;
        } catch (IOException unreadable) {
            throw new IllegalStateException("mp2p.internal.secret-file cannot be read", unreadable);
        }
    }

    /** Compares in constant time. */
    static boolean matches(String expected, String given) {
        return given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
