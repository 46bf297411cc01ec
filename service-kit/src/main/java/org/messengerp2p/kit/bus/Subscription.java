package org.messengerp2p.kit.bus;

/** A {@link BusListener} that listens. */
@FunctionalInterface
public interface Subscription {

    /** Nothing more is to be told; an event that is on its way may still come. */
    void end();
}
