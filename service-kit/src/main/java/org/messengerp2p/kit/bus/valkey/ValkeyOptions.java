package org.messengerp2p.kit.bus.valkey;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;

/**
 * What {@code quarkus.redis.*} says, password and TLS included. Quarkus' own client is asked for only so that it hands
 * over its options: that client keeps the sockets of failed handshakes, so {@link ValkeyLink} makes a client for each
 * try and closes it.
 */
@Singleton
public class ValkeyOptions implements RedisOptionsCustomizer {

    private volatile RedisOptions options;

    ValkeyOptions(Instance<Redis> requested) {}

    @Override
    public void customize(String client, RedisOptions configured) {
        options = new RedisOptions(configured);
    }

    RedisOptions get() {
        RedisOptions configured = options;
        if (configured == null) {
            throw new ConfigurationException("mp2p.bus.kind is valkey, so quarkus.redis.hosts must say where it is.");
        }
        return configured;
    }
}
