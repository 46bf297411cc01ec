package org.messengerp2p.kit.bus;

import io.smallrye.mutiny.Uni;

/**
 * Carries what is told to a device at once: best effort, never the only copy of anything. An event may be lost or come
 * twice; whoever listens has a slower way to learn the same (polling). What one caller tells one topic arrives in its
 * order.
 */
public interface DeviceBus {

    /** Never blocks and never fails the caller; while the bus is away the event is dropped. */
    void publish(BusEvent event);

    /**
     * As {@link #publish}, for a sender that takes another way if nobody listens.
     *
     * @return whether somebody listened; false also where nobody can tell in time. Never fails. Told when it is
     *     subscribed to.
     */
    Uni<Boolean> deliver(BusEvent event);

    /** @param listener called for each event of this topic */
    Subscription subscribe(Topic topic, BusListener listener);
}
