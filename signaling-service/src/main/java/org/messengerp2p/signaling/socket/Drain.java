package org.messengerp2p.signaling.socket;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.signaling.SignalingSettings;
import org.messengerp2p.signaling.connection.CloseCode;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.presence.Presence;

/**
 * The end of the service as its devices see it: 1012 with the seconds over which to spread the return. It begins with
 * the shutdown delay, since Quarkus closes every socket by 1000 before it fires its shutdown event.
 */
@ApplicationScoped
public class Drain {

    private final Presence presence;
    private final SignalingSettings settings;
    private volatile boolean begun;

    Drain(Presence presence, SignalingSettings settings) {
        this.presence = presence;
        this.settings = settings;
    }

    /** From then on no new connection is let in. */
    boolean hasBegun() {
        return begun;
    }

    void stop(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        begun = true;
        List<DeviceConnection> open = presence.all();
        String seconds = Long.toString(settings.reconnectWindow().toSeconds());
        open.forEach(connection -> connection.close(CloseCode.RESTART, seconds));
        awaitEnd(open);
    }

    /** Close frames must be on their way before the process ends. */
    private void awaitEnd(List<DeviceConnection> open) throws InterruptedException {
        long until = System.nanoTime() + settings.closeGrace().toNanos();
        for (DeviceConnection connection : open) {
            if (!connection.goneWithin(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }
}
