package org.messengerp2p.standalone.launch;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Hands what was found out before the start (ports, paths, passwords) to the configuration. Not system properties,
 * which any diagnostic tool prints. The environment and {@code -D} still win over it.
 */
public final class LaunchConfig implements ConfigSource {

    /** Above application.properties (250), below the environment (300). */
    private static final int ORDINAL = 275;

    private static volatile Map<String, String> values = Map.of();

    static void provide(Map<String, String> settings) {
        values = Map.copyOf(settings);
    }

    @Override
    public Set<String> getPropertyNames() {
        return values.keySet();
    }

    @Override
    public String getValue(String name) {
        return values.get(name);
    }

    @Override
    public String getName() {
        return "launch";
    }

    @Override
    public int getOrdinal() {
        return ORDINAL;
    }
}
