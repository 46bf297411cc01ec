package org.messengerp2p.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** A {@link ValkeyServer} for a test, and the settings that make it the device bus. */
public class ValkeyResource implements QuarkusTestResourceLifecycleManager {

    private ValkeyServer server;

    @Override
    public Map<String, String> start() {
        server = ValkeyServer.started();
        return settings(server);
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, new TestInjector.MatchesType(ValkeyServer.class));
    }

    /** What a service is told to use this server. */
    public static Map<String, String> settings(ValkeyServer server) {
        return Map.of("mp2p.bus.kind", "valkey", "quarkus.redis.hosts", server.url());
    }
}
