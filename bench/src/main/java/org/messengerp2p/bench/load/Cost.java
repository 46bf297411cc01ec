package org.messengerp2p.bench.load;

import org.messengerp2p.bench.process.CpuMeter;

/**
 * What a message cost in one phase.
 *
 * @param service CPU microseconds of the service, a message
 * @param database CPU microseconds of PostgreSQL, a message
 * @param perSecond messages a second
 * @param otherCores cores that everything else on the machine was using
 */
public record Cost(double service, double database, double perSecond, double otherCores) {

    static Cost of(CpuMeter.Spent spent, int messages, double seconds) {
        return new Cost(
                (double) spent.service() / messages,
                (double) spent.database() / messages,
                messages / seconds,
                spent.otherCores());
    }

    /** CPU microseconds a message. */
    public double total() {
        return service + database;
    }
}
