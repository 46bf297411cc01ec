package org.messengerp2p.signaling.presence;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.messengerp2p.kit.bus.BusSettings;

/** There are other replicas where the bus reaches beyond the process. */
@ApplicationScoped
class ElsewhereChoice {

    @Produces
    @Singleton
    Elsewhere elsewhere(BusSettings bus, Instance<ValkeyElsewhere> valkey) {
        return bus.kind() == BusSettings.Kind.VALKEY ? valkey.get() : new NowhereElse();
    }
}
