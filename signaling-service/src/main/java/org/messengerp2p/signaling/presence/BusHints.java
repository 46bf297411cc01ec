package org.messengerp2p.signaling.presence;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.messengerp2p.kit.bus.BusEvent;
import org.messengerp2p.kit.bus.DeviceBus;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.DeviceConnection;

/** Passes what the other services tell a device to its connection, if there is one here. */
@ApplicationScoped
class BusHints {

    private final DeviceBus bus;
    private final Presence presence;

    BusHints(DeviceBus bus, Presence presence) {
        this.bus = bus;
        this.presence = presence;
    }

    void start(@Observes StartupEvent event) {
        bus.subscribe(this::on);
    }

    private void on(BusEvent event) {
        if (event instanceof BusEvent.Mail mail) {
            presence.of(mail.device()).ifPresent(DeviceConnection::hintMail);
        } else if (event instanceof BusEvent.Revoked revoked) {
            presence.of(revoked.device()).ifPresent(connection -> connection.close(CloseCode.UNAUTHORIZED));
        } else if (event instanceof BusEvent.NewDeliveryToken changed) {
            presence.endWatches(changed.account());
        }
    }
}
