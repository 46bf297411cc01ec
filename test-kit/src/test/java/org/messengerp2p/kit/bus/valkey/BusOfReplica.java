package org.messengerp2p.kit.bus.valkey;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.messengerp2p.kit.bus.BusSettings;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.kit.bus.HeardEvents;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.testkit.ValkeyServer;

/** The bus of one process of a test, with everything under it. */
public final class BusOfReplica implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ValkeyNodes nodes;
    private final DeviceBus bus;

    /** @param settings beside the defaults */
    public BusOfReplica(ValkeyServer server, Map<String, String> settings) {
        this(List.of(server), settings);
    }

    public BusOfReplica(List<ValkeyServer> servers, Map<String, String> settings) {
        this(
                settings,
                servers.stream()
                        .map(server -> new RedisOptions().setConnectionString(server.url()))
                        .toList());
    }

    /** @param each how each node is reached */
    BusOfReplica(Map<String, String> settings, List<RedisOptions> each) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(BusSettings.class)
                .withDefaultValues(settings)
                .build();
        BusSettings mapped = config.getConfigMapping(BusSettings.class);
        this.nodes = new ValkeyNodes(vertx, each, mapped, meters);
        this.bus = new ValkeyDeviceBus(nodes, mapped, meters);
    }

    /** Connected when this returns. */
    public static BusOfReplica connected(ValkeyServer server) {
        BusOfReplica replica = new BusOfReplica(server, Map.of());
        HeardEvents.of(replica.bus, new AccountId(UUID.randomUUID()));
        return replica;
    }

    public DeviceBus bus() {
        return bus;
    }

    /** Of the only node. */
    ValkeyLink link() {
        return nodes.all().get(0);
    }

    /** Which of its nodes carries an account, in the order in which they were given. */
    public int nodeOf(AccountId account) {
        return nodes.all().indexOf(nodes.of(account));
    }

    public double count(String counter) {
        return meters.get(counter).counter().count();
    }

    /** How many nodes are connected. */
    public double up() {
        return meters.get("mp2p.bus.up").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    @Override
    public void close() {
        nodes.end();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
