package org.messengerp2p.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.ValkeyResource;
import org.messengerp2p.testkit.ValkeyServer;

/** Two replicas of the packaged service around three nodes of the bus, which share out the accounts. */
@Timeout(120)
class NodesIT {

    /** So many that each node has some of them. */
    private static final int DEVICES = 40;

    private static List<ValkeyServer> nodes;
    private static PackagedService first;
    private static PackagedService second;

    private final Device alice = LiveSocketTest.newDevice();
    private final List<Device> others =
            Stream.generate(LiveSocketTest::newDevice).limit(DEVICES).toList();
    private final Map<Device, SocketProbe> sockets = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        nodes = Stream.generate(ValkeyServer::started).limit(3).toList();
        first = replica(0, 1, 2);
        second = replica(2, 0, 1);
        awaitUp(3);
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            second.close();
        } finally {
            try {
                first.close();
            } finally {
                nodes.forEach(ValkeyServer::close);
            }
        }
    }

    @AfterEach
    void closeAll() {
        sockets.values().forEach(SocketProbe::close);
    }

    @Test
    void withoutOneNodeItsAccountsAreNotHereAndAllAreAgainWhenItIsBack() throws Exception {
        SocketProbe alices = connect(first, alice);
        for (Device device : others) {
            connect(second, device);
        }
        alices.send(LiveSocketTest.watchMessage(others.toArray(Device[]::new)));
        awaitPresenceOfAll(alices);
        assertEquals(DEVICES, heardOf(alices).size());

        nodes.get(1).kill();
        awaitUp(2);
        Set<Device> without = heardOf(alices);
        assertTrue(!without.isEmpty() && without.size() < DEVICES, without.size() + " of " + DEVICES);
        nodes.get(1).start();
        awaitUp(3);

        while (heardOf(alices).size() < DEVICES) {
            Thread.sleep(20);
        }
    }

    @ParameterizedTest
    @MethodSource
    void doesNotStartWithWhatCouldNotWorkAndSaysWhichSettingThatIs(Map<String, String> wrong, String sentence) {
        Map<String, String> settings = new HashMap<>(ValkeyResource.settings(nodes.get(0)));
        settings.putAll(wrong);

        String told = assertThrows(AssertionError.class, () -> new PackagedService("96m", settings).close())
                .getMessage();

        assertTrue(told.contains(sentence), told);
        // Nothing fell over it before.
        assertFalse(told.contains("ArithmeticException") || told.contains("IllegalStateException"), told);
    }

    static Stream<Arguments> doesNotStartWithWhatCouldNotWorkAndSaysWhichSettingThatIs() {
        String further = nodes.get(1).url();
        return Stream.of(
                Arguments.of(
                        Map.of("mp2p.bus.further-nodes", "redis://valkey_2:6379"),
                        "mp2p.bus.further-nodes: redis://valkey_2:6379 has no host name"),
                Arguments.of(
                        Map.of("quarkus.redis.hosts", "redis://valkey_1:6379"),
                        "quarkus.redis.hosts: redis://valkey_1:6379 has no host name"),
                Arguments.of(Map.of("quarkus.redis.hosts", nodes.get(0).url() + "," + further), "Multiple Redis hosts"),
                Arguments.of(
                        Map.of("mp2p.bus.kind", "local", "mp2p.bus.further-nodes", further),
                        "mp2p.bus.further-nodes is set, and mp2p.bus.kind is not valkey."),
                Arguments.of(
                        Map.of("mp2p.signaling.limits.frames-per-second", "0"),
                        "mp2p.signaling.limits.frames-per-second is 0; it is between 1 and 1000000."),
                Arguments.of(
                        Map.of(
                                "mp2p.signaling.limits.relay-per-second", "0",
                                "mp2p.signaling.limits.taken-per-second", "0",
                                "mp2p.signaling.limits.watched-accounts", "501"),
                        "mp2p.signaling.limits.watched-accounts is 501; it is between 0 and 500."));
    }

    /** Those to which a frame is passed; the others are answered NOT_HERE. */
    private Set<Device> heardOf(SocketProbe alices) throws InterruptedException {
        Set<Device> heard = new HashSet<>();
        for (Device device : others) {
            alices.send(Frames.relay(device, 1, "x"));
            boolean[] passed = new boolean[1];
            Eventually.isTrue("it is passed or answered", () -> {
                passed[0] = sockets.get(device).poll() instanceof Buffer;
                return passed[0] || alices.poll() instanceof Buffer;
            });
            if (passed[0]) {
                heard.add(device);
            }
        }
        return heard;
    }

    private void awaitPresenceOfAll(SocketProbe alices) {
        Set<String> present = new HashSet<>();
        while (present.size() < DEVICES) {
            JsonObject presence = alices.next("presence");
            if (!presence.getJsonArray("devices").isEmpty()) {
                present.add(presence.getString("account"));
            }
        }
    }

    private SocketProbe connect(PackagedService replica, Device device) {
        SocketProbe probe = SocketProbe.open(replica.ws(), LiveSocketTest.token(device));
        sockets.put(device, probe);
        probe.next("hello");
        probe.next("presence");
        return probe;
    }

    /** Told the nodes in this order. */
    private static PackagedService replica(int... order) throws Exception {
        Map<String, String> settings = new HashMap<>(ValkeyResource.settings(nodes.get(order[0])));
        settings.put(
                "mp2p.bus.further-nodes",
                nodes.get(order[1]).url() + "," + nodes.get(order[2]).url());
        settings.put("mp2p.bus.longest-retry", "PT0.5S");
        return new PackagedService("96m", settings);
    }

    /** Both replicas are connected to so many nodes. */
    private static void awaitUp(int count) throws Exception {
        while (first.metric("mp2p_bus_up") != count || second.metric("mp2p_bus_up") != count) {
            Thread.sleep(20);
        }
    }
}
