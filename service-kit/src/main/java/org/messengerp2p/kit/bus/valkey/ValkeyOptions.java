package org.messengerp2p.kit.bus.valkey;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.messengerp2p.kit.bus.BusSettings;

/**
 * What {@code quarkus.redis.*} says, password and TLS included. Quarkus' own client is asked for only so that it hands
 * over its options: that client keeps the sockets of failed handshakes, so {@link ValkeyLink} makes a client for each
 * try and closes it.
 */
@Singleton
public class ValkeyOptions implements RedisOptionsCustomizer {

    private static final String HOSTS = "quarkus.redis.hosts";
    private static final String FURTHER_NODES = "mp2p.bus.further-nodes";

    private volatile RedisOptions options;

    ValkeyOptions(Instance<Redis> requested) {}

    /** Looks at the host before the client of Quarkus does, whose words about it name no setting. */
    @Override
    public void customize(String client, RedisOptions configured) {
        NodeAddress.parse(HOSTS, configured.getEndpoint());
        options = new RedisOptions(configured);
    }

    /**
     * The one that {@code quarkus.redis.hosts} names, and the further ones, with the same user, password, database and TLS.
     *
     * @throws ConfigurationException where the settings cannot be what was meant
     */
    List<RedisOptions> ofEachNode(BusSettings settings) {
        RedisOptions configured = options;
        if (configured == null) {
            throw new ConfigurationException("mp2p.bus.kind is valkey, so quarkus.redis.hosts must say where it is.");
        }
        if (configured.getType() != RedisClientType.STANDALONE
                || configured.getEndpoints().size() > 1) {
            throw new ConfigurationException(
                    HOSTS + " names one node, and quarkus.redis.client-type is standalone; further nodes are named by "
                            + FURTHER_NODES + ", for the bus shares out the accounts over them by itself.");
        }
        NodeAddress first = NodeAddress.parse(HOSTS, configured.getEndpoint());
        if (configured.getNetClientOptions().isSsl() && !first.hasTls()) {
            throw NodeAddress.wrong(
                    HOSTS, configured.getEndpoint(), "is without TLS, and quarkus.redis.tls asks for it");
        }
        Map<String, NodeAddress> byName = new LinkedHashMap<>();
        byName.put(first.name(), first);
        for (String node : settings.furtherNodes().orElse(List.of())) {
            NodeAddress further = further(node, first);
            if (byName.put(further.name(), further) != null) {
                throw NodeAddress.wrong(FURTHER_NODES, node, "is a node that is named already");
            }
        }
        return byName.values().stream()
                .map(node -> new RedisOptions(configured).setEndpoints(List.of(node.uri())))
                .toList();
    }

    private static NodeAddress further(String node, NodeAddress first) {
        NodeAddress further = NodeAddress.parse(FURTHER_NODES, node);
        if (!further.isPlain()) {
            throw NodeAddress.wrong(
                    FURTHER_NODES,
                    node,
                    "says more than where it is; user, password and database are those of " + HOSTS);
        }
        if (further.hasTls() != first.hasTls()) {
            throw NodeAddress.wrong(
                    FURTHER_NODES, node, "is not reached as that of " + HOSTS + " is: all by TLS, or none");
        }
        return first.at(further);
    }

    /** Host and port of a node, the same in every process. */
    static String nameOf(RedisOptions node) {
        return NodeAddress.parse(HOSTS, node.getEndpoint()).name();
    }
}
