package org.messengerp2p.kit.bus;

import io.quarkus.runtime.StartupEvent;
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
        return settings.kind() == BusSettings.Kind.VALKEY ? valkey.get() : new LocalDeviceBus();
    }

    /** Connects before the first event is told. */
    void start(@Observes StartupEvent event, DeviceBus bus) {}
}
