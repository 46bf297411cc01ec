package org.messengerp2p.kit.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A secret that was made at random on the first start and lies in a file of mode 0600: one line of base64url. */
public record SecretFile(Path path) {

    private static final int BYTES = 32;

    /** Makes the secret where it is missing. */
    public static SecretFile at(Path path) {
        if (!Files.exists(path)) {
            PrivateFiles.write(path, (random() + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return new SecretFile(path);
    }

    /** A new secret of 256 bits, in base64url. */
    public static String random() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    public String read() {
        try {
            return Files.readString(path, StandardCharsets.US_ASCII).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
