package org.messengerp2p.bench.product;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.process.Child;
import org.messengerp2p.bench.process.Jvm;
import org.messengerp2p.bench.process.Processes;
import org.messengerp2p.bench.relay.Entrance;
import org.messengerp2p.bench.relay.RelayServer;
import org.messengerp2p.bench.relay.Sockets;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.testkit.TestTokens;

/**
 * signaling-service, packaged, as a process of its own and alone. Its settings are those it ships with, where it is not
 * beside a hostile client but for how many frames a device may send. Two neighbours are devices of one account, so nobody
 * has to be shown a delivery token.
 */
public final class SignalingService implements RelayServer {

    private static final Duration TOKEN_LIFE = Duration.ofHours(1);
    private static final String NO_LIMIT = "1000000";
    private static final String LITTLE_MEMORY = "-Xmx192m";
    private static final int DEVICES = 2;

    private final AuthStandIn auth;
    private final Child server;
    private final int port;
    private final int management;
    private final boolean acknowledges;
    private List<User> users = List.of();
    private int hostileClients;

    private SignalingService(AuthStandIn auth, Child server, int port, int management, boolean acknowledges) {
        this.auth = auth;
        this.server = server;
        this.port = port;
        this.management = management;
        this.acknowledges = acknowledges;
    }

    /**
     * @param application the {@code quarkus-app} directory of its build
     * @param acknowledges whether each receiver says TAKEN for each message, as the web client does when it has kept it
     */
    public static SignalingService start(Path directory, Path application, boolean acknowledges)
            throws InterruptedException {
        Map<String, String> settings = new HashMap<>();
        for (String limit : List.of("relay-per-second", "relay-per-pair-per-second", "taken-per-second")) {
            settings.put("mp2p.signaling.limits." + limit, NO_LIMIT);
        }
        settings.put("mp2p.signaling.limits.sockets-by-address", NO_LIMIT);
        settings.put("mp2p.signaling.limits.handshakes-by-address", NO_LIMIT + "/PT1M");
        settings.put("mp2p.signaling.limits.handshakes-by-account", NO_LIMIT + "/PT1M");
        return start(directory, application, acknowledges, settings, List.of());
    }

    /** With all its limits, and so little memory that they are needed. */
    public static SignalingService startAsShipped(Path directory, Path application) throws InterruptedException {
        return start(directory, application, false, Map.of(), List.of(LITTLE_MEMORY));
    }

    private static SignalingService start(
            Path directory, Path application, boolean acknowledges, Map<String, String> limits, List<String> flags)
            throws InterruptedException {
        int port = Child.freePort();
        int management = Child.freePort();
        AuthStandIn auth = new AuthStandIn();
        Map<String, String> settings = new HashMap<>(auth.settings());
        settings.putAll(limits);
        settings.put("quarkus.http.port", String.valueOf(port));
        settings.put("quarkus.management.port", String.valueOf(management));
        Child server = Child.start(
                Jvm.runningJar(application.resolve("quarkus-run.jar"), settings, flags),
                Map.of(),
                directory.resolve("signaling-service.log"));
        server.awaitUntil(() -> Health.isReady(management));
        return new SignalingService(auth, server, port, management, acknowledges);
    }

    /**
     * Starts a client that keeps no rule, in a network of its own: the rates of the one before are not those of the
     * next.
     *
     * @param first of its users; their number is even
     */
    public Child hostile(Path directory, int first, int count) {
        hostileClients++;
        return HostileClient.start(
                directory, "127.2." + hostileClients + ".1", port, users.subList(first, first + count));
    }

    /** Sockets that are open, those that are closing among them. */
    public int sockets() {
        return (int) Health.metric(management, "mp2p_signaling_sockets");
    }

    /** How often a peer was not read on, since it sent too fast. */
    public double paced() {
        return Health.metric(management, "mp2p_signaling_paced_total");
    }

    @Override
    public Processes processes() {
        return Processes.ofService(server.pid());
    }

    @Override
    public List<Long> virtualMachines() {
        return List.of(server.pid());
    }

    @Override
    public void prepare(int count) {
        List<AccountId> accounts = new ArrayList<>();
        for (int i = 0; i < count; i += DEVICES) {
            accounts.add(Recipient.random().device().account());
        }
        users = IntStream.range(0, count)
                .parallel()
                .mapToObj(user -> new Device(accounts.get(user / DEVICES), new DeviceId(1 + user % DEVICES)))
                .map(device -> new User(device, TestTokens.access(device, Audience.SIGNALING, TOKEN_LIFE)))
                .toList();
    }

    @Override
    public Entrance entrance() {
        return Entrance.local(port, false);
    }

    @Override
    public SignalingClient client(Generator generator, Entrance entrance) {
        return new SignalingClient(new Sockets(generator.vertx(), entrance), () -> users, acknowledges);
    }

    @Override
    public void close() {
        server.close();
        auth.close();
    }

    /** A device and the token by which it opens its socket. */
    record User(Device device, String token) {

        @Override
        public String toString() {
            return "User[…]";
        }
    }
}
