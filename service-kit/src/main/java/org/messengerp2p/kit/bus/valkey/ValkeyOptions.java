package org.messengerp2p.kit.bus.valkey;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.messengerp2p.kit.bus.BusSettings;

/**
 * What {@code quarkus.redis.*} says, password and TLS included. Quarkus' own client is asked for only so that it hands
 * over its options: that client keeps the sockets of failed handshakes, so {@link ValkeyLink} makes a client for each
 * try and closes it.
 */
@Singleton
public class ValkeyOptions implements RedisOptionsCustomizer {

    private static final int USUAL_PORT = 6379;

    private volatile RedisOptions options;

    ValkeyOptions(Instance<Redis> requested) {}

    @Override
    public void customize(String client, RedisOptions configured) {
        options = new RedisOptions(configured);
    }

    /** The one that {@code quarkus.redis.hosts} names, and the further ones, with the same password and TLS. */
    List<RedisOptions> ofEachNode(BusSettings settings) {
        RedisOptions configured = options;
        if (configured == null) {
            throw new ConfigurationException("mp2p.bus.kind is valkey, so quarkus.redis.hosts must say where it is.");
        }
        List<RedisOptions> each = new ArrayList<>(List.of(configured));
        for (String node : settings.furtherNodes().orElse(List.of())) {
            each.add(new RedisOptions(configured).setEndpoints(List.of(node)));
        }
        if (each.stream().map(ValkeyOptions::nameOf).distinct().count() < each.size()) {
            throw new ConfigurationException("quarkus.redis.hosts and mp2p.bus.further-nodes name a node twice.");
        }
        return each;
    }

    /** Host and port of a node, as every process must write them. */
    static String nameOf(RedisOptions node) {
        URI uri = URI.create(node.getEndpoint());
        return uri.getHost() + ':' + (uri.getPort() == -1 ? USUAL_PORT : uri.getPort());
    }
}
