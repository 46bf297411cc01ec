package org.messengerp2p.signaling.presence;

import java.util.concurrent.TimeUnit;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.connection.DeviceConnection;

/** A connection of this replica as the others know it. */
final class HeldDevice {

    private final DeviceConnection connection;
    private final String owner;
    private final long opened = System.nanoTime();
    private volatile long epoch;

    /** @param owner names this connection among all of all replicas */
    HeldDevice(DeviceConnection connection, String owner) {
        this.connection = connection;
        this.owner = owner;
    }

    DeviceConnection connection() {
        return connection;
    }

    Device device() {
        return connection.device();
    }

    String owner() {
        return owner;
    }

    /** When it was opened, in microseconds by Valkey's clock; 0 until it is known. */
    long epoch() {
        return epoch;
    }

    /** Settled by the first answer, so that of two connections it is always the same that is newer. */
    void settle(long first) {
        if (epoch == 0) {
            epoch = first;
        }
    }

    /** Time since it was opened, which is how one clock orders connections of several machines. */
    long ageMicros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - opened);
    }
}
