package org.messengerp2p.kit.bus;

import java.util.function.Consumer;

/**
 * Carries what is told to a device at once: best effort, never the only copy of anything. An event may be lost or come
 * twice; whoever listens has a slower way to learn the same (polling).
 */
public interface DeviceBus {

    /** Never blocks and never fails the caller. */
    void publish(BusEvent event);

    /** @param listener called for each event; must not block */
    void subscribe(Consumer<BusEvent> listener);
}
