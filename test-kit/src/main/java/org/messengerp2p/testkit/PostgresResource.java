package org.messengerp2p.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/**
 * A {@link TestPostgres} as a datasource of the tested service. Init argument {@code datasource}: the named datasource,
 * which is also the database's name.
 */
public class PostgresResource implements QuarkusTestResourceLifecycleManager {

    private String datasource;
    private TestPostgres postgres;

    @Override
    public void init(Map<String, String> arguments) {
        datasource = arguments.get("datasource");
    }

    @Override
    public Map<String, String> start() {
        postgres = TestPostgres.started();
        postgres.create(datasource);
        String address = postgres.host() + ":" + postgres.port() + "/" + datasource;
        String prefix = "quarkus.datasource." + datasource;
        Map<String, String> settings = new HashMap<>();
        settings.put(prefix + ".jdbc.url", "jdbc:postgresql://" + address);
        settings.put(prefix + ".reactive.url", "postgresql://" + address);
        settings.put(prefix + ".username", postgres.user());
        settings.put(prefix + ".password", postgres.password());
        return settings;
    }

    @Override
    public void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }
}
