package org.messengerp2p.standalone.split;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.messengerp2p.kit.secret.SecretFile;
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
final class SplitForm implements AutoCloseable {

    private final DataDirectory directory;
    private final EmbeddedPostgres postgres;
    private final List<ValkeyServer> nodes;
    private final ServiceProcess auth;
    private final ServiceProcess mailbox;
    private final List<ServiceProcess> signaling = new ArrayList<>();
    private final Map<String, String> signalingSettings;
    private final List<SilentWire> wires = new ArrayList<>();
    private final Path logs;

    /** @param replicas of signaling-service */
    SplitForm(Path folder, int replicas) throws Exception {
        this(folder, replicas, 1, Map.of());
    }

    /**
     * @param nodes of the device bus
     * @param more settings of signaling-service, beside the defaults
     */
    SplitForm(Path folder, int replicas, int nodes, Map<String, String> more) throws Exception {
        this(folder, replicas, nodes, more, Map.of(), Optional.empty());
    }

    /**
     * One replica, and a wire each between auth-service and those that call it.
     *
     * @param ofMailbox settings of mailbox-service, beside the defaults
     */
    SplitForm(Path folder, Map<String, String> ofMailbox, IntFunction<SilentWire> wire) throws Exception {
        this(folder, 1, 1, Map.of(), ofMailbox, Optional.of(wire));
    }

    private SplitForm(
            Path folder,
            int replicas,
            int nodes,
            Map<String, String> more,
            Map<String, String> ofMailbox,
            Optional<IntFunction<SilentWire>> wire)
            throws Exception {
        logs = folder;
        directory = DataDirectory.open(folder.resolve("data"));
        postgres = EmbeddedPostgres.start(directory);
        this.nodes = Stream.generate(ValkeyServer::started).limit(nodes).toList();
        Map<String, String> databases = ServiceDatabases.provide(postgres, directory.secrets());
        Path secret = SecretFile.at(directory.secrets().resolve("internal")).path();
        int authPort = FreePort.find();
        int authInternal = FreePort.find();
        int mailboxInternal = FreePort.find();
        String jwks = "http://127.0.0.1:" + toAuth(authPort, wire) + "/api/auth/v1/jwks";
        int toAuthInternal = toAuth(authInternal, wire);

        Map<String, String> authSettings = only("auth", databases);
        authSettings.put(
                "mp2p.auth.secrets.directory", folder.resolve("auth-secrets").toString());
        authSettings.put("mp2p.internal.secret-file", secret.toString());
        authSettings.put("mp2p.internal.port", Integer.toString(authInternal));
        authSettings.putAll(settingsOfBus());
        authSettings.put("mp2p.auth.directory.mailbox-url", "http://127.0.0.1:" + mailboxInternal);
        auth = ServiceProcess.start("auth-service", authPort, authSettings, folder);

        Map<String, String> mailboxSettings = only("mailbox", databases);
        mailboxSettings.put(
                "mp2p.mailbox.keyset",
                folder.resolve("mailbox-secrets/envelopes.json").toString());
        mailboxSettings.put("mp2p.internal.secret-file", secret.toString());
        mailboxSettings.put("mp2p.internal.port", Integer.toString(mailboxInternal));
        mailboxSettings.put("mp2p.mailbox.auth-internal-url", "http://127.0.0.1:" + toAuthInternal);
        mailboxSettings.putAll(ofMailbox);
        mailboxSettings.putAll(settingsOfBus());
        mailboxSettings.put("mp2p.tokens.jwks-url", jwks);
        mailbox = ServiceProcess.start("mailbox-service", FreePort.find(), mailboxSettings, folder);

        signalingSettings = new HashMap<>(settingsOfBus());
        signalingSettings.put("mp2p.tokens.jwks-url", jwks);
        signalingSettings.put("mp2p.internal.secret-file", secret.toString());
        signalingSettings.put("mp2p.signaling.auth-internal-url", "http://127.0.0.1:" + toAuthInternal);
        signalingSettings.put("mp2p.signaling.mailbox-internal-url", "http://127.0.0.1:" + mailboxInternal);
        signalingSettings.putAll(more);
        for (int replica = 1; replica <= replicas; replica++) {
            signaling.add(ServiceProcess.start("signaling-service", FreePort.find(), signalingSettings, folder));
        }

        for (ServiceProcess service : services()) {
            service.awaitReady();
        }
    }

    private int toAuth(int port, Optional<IntFunction<SilentWire>> wire) {
        if (wire.isEmpty()) {
            return port;
        }
        SilentWire made = wire.get().apply(port);
        wires.add(made);
        return made.port();
    }

    /** Of all that call auth-service. */
    void silence(SilentWire.Silence now) {
        wires.forEach(wire -> wire.be(now));
    }

    int connectionsToAuth() {
        return wires.stream().mapToInt(SilentWire::connections).sum();
    }

    URI signalingSocket() {
        return URI.create(signaling.get(0).root().resolve("/ws").toString().replaceFirst("^http", "ws"));
    }

    ServiceProcess auth() {
        return auth;
    }

    ServiceProcess mailbox() {
        return mailbox;
    }

    List<ServiceProcess> signaling() {
        return signaling;
    }

    /** Stops one of signaling-service as a supervisor does, and starts it anew at its address. */
    void restartSignaling(int replica) throws Exception {
        ServiceProcess stopped = signaling.get(replica);
        stopped.close();
        ServiceProcess next =
                ServiceProcess.start("signaling-service", stopped.root().getPort(), signalingSettings, logs);
        signaling.set(replica, next);
        next.awaitReady();
    }

    List<ServiceProcess> services() {
        return Stream.concat(Stream.of(auth, mailbox), signaling.stream()).toList();
    }

    /** The first node of the bus. */
    ValkeyServer bus() {
        return nodes.get(0);
    }

    private Map<String, String> settingsOfBus() {
        Map<String, String> settings = new HashMap<>(ValkeyResource.settings(bus()));
        if (nodes.size() > 1) {
            settings.put(
                    "mp2p.bus.further-nodes",
                    nodes.stream().skip(1).map(ValkeyServer::url).collect(Collectors.joining(",")));
        }
        return settings;
    }

    /** What all of them said. */
    String logs() {
        return services().stream().map(this::logOf).collect(Collectors.joining());
    }

    String logOf(ServiceProcess service) {
        try {
            return service.log();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        List<AutoCloseable> parts = new ArrayList<>(signaling);
        parts.addAll(List.of(mailbox, auth));
        parts.addAll(wires);
        parts.addAll(nodes);
        parts.addAll(List.of(postgres, directory));
        for (AutoCloseable part : parts) {
            close(part);
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static Map<String, String> only(String datasource, Map<String, String> databases) {
        Map<String, String> own = new HashMap<>(databases);
        own.keySet().removeIf(key -> !key.startsWith("quarkus.datasource." + datasource + "."));
        return own;
    }
}
