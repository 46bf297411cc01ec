package org.messengerp2p.standalone.launch;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.messengerp2p.kit.secret.SecretFile;
import org.messengerp2p.standalone.data.DataDirectory;
import org.messengerp2p.standalone.postgres.EmbeddedPostgres;
import org.messengerp2p.testkit.FreePort;

/**
 * What the launch does before the services start, on a data directory of the test: the same database, certificate and
 * settings. Plain HTTP and the listener between services are on beside them, so that tests can call both.
 */
public class StandaloneResource implements QuarkusTestResourceLifecycleManager {

    private Path root;
    private DataDirectory directory;
    private EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        try {
            root = Files.createTempDirectory("standalone");
            directory = DataDirectory.open(root.resolve("data"));
            postgres = EmbeddedPostgres.start(directory);
            LaunchSettings settings = LaunchSettings.of(Map.of(
                    "MESSENGER_DATA", root.resolve("data").toString(),
                    "MESSENGER_WEB", TestRelease.write(root.resolve("web")).toString()));
            Map<String, String> values = new HashMap<>(Messenger.configuration(settings, directory, postgres));
            int internalPort = FreePort.find();
            String internal = "http://127.0.0.1:" + internalPort;
            values.putAll(Map.of(
                    "quarkus.http.insecure-requests", "enabled",
                    // Fixed ones: a server on port 0 is metered without its port, and Prometheus refuses such a
                    // mixture.
                    "quarkus.http.test-port", Integer.toString(FreePort.find()),
                    "quarkus.http.test-ssl-port", Integer.toString(FreePort.find()),
                    "quarkus.management.test-port", Integer.toString(FreePort.find()),
                    "mp2p.internal.enabled", "true",
                    "mp2p.internal.port", Integer.toString(internalPort),
                    "mp2p.internal.secret-file",
                            SecretFile.at(directory.secrets().resolve("internal"))
                                    .path()
                                    .toString(),
                    "mp2p.auth.directory.mailbox-url", internal,
                    "mp2p.mailbox.auth-internal-url", internal));
            values.put("mp2p.signaling.auth-internal-url", internal);
            values.put("mp2p.signaling.mailbox-internal-url", internal);
            return values;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void stop() {
        if (postgres != null) {
            postgres.close();
        }
        if (directory != null) {
            directory.close();
        }
    }
}
