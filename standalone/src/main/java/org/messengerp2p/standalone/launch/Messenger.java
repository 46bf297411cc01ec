package org.messengerp2p.standalone.launch;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.bootstrap.logging.QuarkusDelayedHandler;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import org.messengerp2p.standalone.CannotStart;
import org.messengerp2p.standalone.data.DataDirectory;
import org.messengerp2p.standalone.postgres.EmbeddedPostgres;
import org.messengerp2p.standalone.postgres.ServiceDatabases;
import org.messengerp2p.standalone.tls.ServerCertificate;

/**
 * Starts the database, then the services on it, says on standard output where they are, and stops both in the
 * opposite order. What prevents a start is one sentence on standard error and exit status 1.
 */
@QuarkusMain
public class Messenger {

    private Messenger() {}

    public static void main(String... arguments) {
        try {
            run(LaunchSettings.of(System.getenv()));
        } catch (CannotStart reason) {
            System.err.println("messenger: " + reason.getMessage());
            System.exit(1);
        }
    }

    private static void run(LaunchSettings settings) {
        requireFree(settings.listen(), settings.port(), "MESSENGER_PORT");
        requireFree("127.0.0.1", settings.managementPort(), "MESSENGER_MANAGEMENT_PORT");
        DataDirectory directory = DataDirectory.open(settings.data());
        Lifetime lifetime = new Lifetime(directory);
        EmbeddedPostgres postgres = lifetime.start(() -> EmbeddedPostgres.start(directory));
        LaunchConfig.provide(configuration(settings, directory, postgres));
        directory.markComplete();
        holdBackGreetings();
        Quarkus.run(Services.class, lifetime::servicesEnded);
        System.exit(lifetime.exitStatus());
    }

    static Map<String, String> configuration(
            LaunchSettings settings, DataDirectory directory, EmbeddedPostgres postgres) {
        ServerCertificate tls = ServerCertificate.provide(directory.tls(), settings.host(), Clock.systemUTC());
        Path secrets = directory.secrets();
        Map<String, String> values = new HashMap<>(ServiceDatabases.provide(postgres, secrets));
        values.put("quarkus.http.host", settings.listen());
        values.put("quarkus.http.ssl-port", Integer.toString(settings.port()));
        values.put("quarkus.management.port", Integer.toString(settings.managementPort()));
        values.put("quarkus.tls.page.key-store.pem.0.cert", tls.certificate().toString());
        values.put("quarkus.tls.page.key-store.pem.0.key", tls.key().toString());
        values.put(
                "quarkus.log.file.path",
                directory.log().resolve("messenger.log").toString());
        values.put("mp2p.auth.secrets.directory", secrets.resolve("auth").toString());
        values.put(
                "mp2p.mailbox.keyset", secrets.resolve("mailbox/envelopes.json").toString());
        values.put("mp2p.canonical-host", settings.host());
        values.put("mp2p.web.directory", settings.web().toString());
        values.put("messenger.url", settings.url());
        directory.settings().ifPresent(file -> values.put("quarkus.config.locations", file.toString()));
        return values;
    }

    /** Where the settings are wrong no log is set up, and what libraries said of themselves would go to standard error. */
    private static void holdBackGreetings() {
        QuarkusDelayedHandler log = InitialConfigurator.DELAYED_HANDLER;
        log.setFilter(said -> log.isActivated() || said.getLevel().intValue() >= Level.WARNING.intValue());
    }

    /** Asked before anything is started, so that a second start disturbs nothing. */
    private static void requireFree(String address, int port, String setting) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException taken) {
            throw new CannotStart(
                    "Port " + port + " on " + address + " cannot be used (" + taken.getMessage() + "); set " + setting
                            + " to another.",
                    taken);
        }
    }
}
