package org.messengerp2p.kit.bus.valkey;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
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
    private final ValkeyLink link;
    private final DeviceBus bus;

    /** @param settings beside the defaults */
    public BusOfReplica(ValkeyServer server, Map<String, String> settings) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(BusSettings.class)
                .withDefaultValues(settings)
                .build();
        BusSettings mapped = config.getConfigMapping(BusSettings.class);
        this.link = new ValkeyLink(vertx, new RedisOptions().setConnectionString(server.url()), mapped, meters);
        this.bus = new ValkeyDeviceBus(link, mapped, meters);
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

    ValkeyLink link() {
        return link;
    }

    public double count(String counter) {
        return meters.get(counter).counter().count();
    }

    public double up() {
        return meters.get("mp2p.bus.up").gauge().value();
    }

    @Override
    public void close() {
        link.end();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
