package org.messengerp2p.kit.bus;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.messengerp2p.kit.bus.valkey.ValkeyDeviceBus;

/** The bus that the settings name; of the other nothing is ever made. */
@ApplicationScoped
class DeviceBusChoice {

    @Produces
    @Singleton
    DeviceBus bus(BusSettings settings, Instance<ValkeyDeviceBus> valkey) {
        if (settings.kind() == BusSettings.Kind.VALKEY) {
            return valkey.get();
        }
        if (settings.furtherNodes().isPresent()) {
            throw new ConfigurationException("mp2p.bus.further-nodes is set, and mp2p.bus.kind is not valkey.");
        }
        return new LocalDeviceBus();
    }

    /** Connects before the first event is told. */
    void start(@Observes StartupEvent event, DeviceBus bus) {}
}
