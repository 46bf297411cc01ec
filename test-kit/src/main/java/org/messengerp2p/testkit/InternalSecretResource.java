package org.messengerp2p.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A secret for the calls between services, and any free port for their listener. */
public class InternalSecretResource implements QuarkusTestResourceLifecycleManager {
    public static final String SECRET = "0123456789abcdef0123456789abcdef";

    private Path file;

    @Override
    public Map<String, String> start() {
        try {
            file = Files.createTempFile("internal-secret", null);
            Files.writeString(file, SECRET);
            return Map.of("mp2p.internal.secret-file", file.toString(), "mp2p.internal.port", "0");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void stop() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
