package org.messengerp2p.standalone.split;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.kit.secret.SecretFile;
import org.messengerp2p.standalone.FirstJourney;
import org.messengerp2p.standalone.data.DataDirectory;
import org.messengerp2p.standalone.postgres.EmbeddedPostgres;
import org.messengerp2p.standalone.postgres.ServiceDatabases;
import org.messengerp2p.testkit.FreePort;
import org.messengerp2p.testkit.ValkeyResource;
import org.messengerp2p.testkit.ValkeyServer;

/**
 * Each service by itself: own port, own database and role in one PostgreSQL, own secrets; they share a file with the
 * secret of their calls and the device bus, and know each other by address alone.
 */
class SplitFormIT {

    @TempDir
    static Path folder;

    private static DataDirectory directory;
    private static EmbeddedPostgres postgres;
    private static ValkeyServer bus;
    private static ServiceProcess auth;
    private static ServiceProcess mailbox;
    private static ServiceProcess signaling;

    @BeforeAll
    static void start() throws Exception {
        directory = DataDirectory.open(folder.resolve("data"));
        postgres = EmbeddedPostgres.start(directory);
        bus = ValkeyServer.started();
        Map<String, String> databases = ServiceDatabases.provide(postgres, directory.secrets());
        Path secret = SecretFile.at(directory.secrets().resolve("internal")).path();
        int authPort = FreePort.find();
        int authInternal = FreePort.find();
        int mailboxInternal = FreePort.find();
        String jwks = "http://127.0.0.1:" + authPort + "/api/auth/v1/jwks";

        Map<String, String> authSettings = only("auth", databases);
        authSettings.put(
                "mp2p.auth.secrets.directory", folder.resolve("auth-secrets").toString());
        authSettings.put("mp2p.internal.secret-file", secret.toString());
        authSettings.put("mp2p.internal.port", Integer.toString(authInternal));
        authSettings.putAll(ValkeyResource.settings(bus));
        authSettings.put("mp2p.auth.directory.mailbox-url", "http://127.0.0.1:" + mailboxInternal);
        auth = ServiceProcess.start("auth-service", authPort, authSettings, folder);

        Map<String, String> mailboxSettings = only("mailbox", databases);
        mailboxSettings.put(
                "mp2p.mailbox.keyset",
                folder.resolve("mailbox-secrets/envelopes.json").toString());
        mailboxSettings.put("mp2p.internal.secret-file", secret.toString());
        mailboxSettings.put("mp2p.internal.port", Integer.toString(mailboxInternal));
        mailboxSettings.put("mp2p.mailbox.auth-internal-url", "http://127.0.0.1:" + authInternal);
        mailboxSettings.putAll(ValkeyResource.settings(bus));
        mailboxSettings.put("mp2p.tokens.jwks-url", jwks);
        mailbox = ServiceProcess.start("mailbox-service", FreePort.find(), mailboxSettings, folder);

        Map<String, String> signalingSettings = new HashMap<>(ValkeyResource.settings(bus));
        signalingSettings.put("mp2p.tokens.jwks-url", jwks);
        signalingSettings.put("mp2p.internal.secret-file", secret.toString());
        signalingSettings.put("mp2p.signaling.auth-internal-url", "http://127.0.0.1:" + authInternal);
        signaling = ServiceProcess.start("signaling-service", FreePort.find(), signalingSettings, folder);

        auth.awaitReady();
        mailbox.awaitReady();
        signaling.awaitReady();
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable part : new AutoCloseable[] {signaling, mailbox, auth, bus, postgres, directory}) {
            close(part);
        }
    }

    @Test
    void runsTheFirstJourney() throws IOException {
        try {
            new FirstJourney(auth.root(), mailbox.root(), signaling.root()).run();
        } catch (AssertionError failure) {
            throw new AssertionError(auth.log() + mailbox.log() + signaling.log(), failure);
        }
    }

    @Test
    void knowsEverySettingThatItIsGiven() throws IOException {
        for (ServiceProcess service : new ServiceProcess[] {auth, mailbox, signaling}) {
            String logged = service.log();

            assertTrue(logged.contains("Installed features"), logged);
            assertFalse(logged.contains("Unrecognized configuration key"), logged);
        }
    }

    /** By the question that signaling-service asks every 5 s; a socket is waited for no longer than 10 s. */
    @Test
    @Timeout(60)
    void endsTheConnectionOfARemovedDeviceWithoutTheBus() throws Exception {
        Map<ServiceProcess, Long> before = new HashMap<>();
        for (ServiceProcess service : List.of(auth, mailbox, signaling)) {
            before.put(service, timesConnected(service));
        }
        bus.kill();
        try {
            new FirstJourney(auth.root(), mailbox.root(), signaling.root()).endsTheConnectionOfARemovedDevice();
        } finally {
            bus.start();
        }

        // The other tests need it.
        for (ServiceProcess service : before.keySet()) {
            while (timesConnected(service) == before.get(service)) {
                Thread.sleep(50);
            }
        }
    }

    private static long timesConnected(ServiceProcess service) throws IOException {
        return service.log()
                .lines()
                .filter(line -> line.contains("The device bus is connected."))
                .count();
    }

    private static Map<String, String> only(String datasource, Map<String, String> databases) {
        Map<String, String> own = new HashMap<>(databases);
        own.keySet().removeIf(key -> !key.startsWith("quarkus.datasource." + datasource + "."));
        return own;
    }

    private static void close(AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
