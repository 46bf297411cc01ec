package org.messengerp2p.auth;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** An empty folder, in which the service makes its secrets. */
public class SecretFolder implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        try {
            return Map.of(
                    "mp2p.auth.secrets.directory",
                    Files.createTempDirectory("secrets").resolve("auth").toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void stop() {
        // The folder lies in the temporary directory of the machine.
    }
}
