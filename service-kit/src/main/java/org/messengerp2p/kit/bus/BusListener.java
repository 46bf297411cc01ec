package org.messengerp2p.kit.bus;

/** Hears what is told on one {@link Topic}. Neither method may block; any thread may call them. */
@FunctionalInterface
public interface BusListener {

    void on(BusEvent event);

    /**
     * From now on events arrive. Called at first and again whenever the bus was away; what was told before may be
     * lost, so this is the moment to ask for the state.
     */
    default void begun() {}
}
