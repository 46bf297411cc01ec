package org.messengerp2p.bench.load;

import java.util.Map;
import org.messengerp2p.bench.process.CpuMeter;

/**
 * What a message cost in one phase.
 *
 * @param service CPU microseconds of the service, a message
 * @param database CPU microseconds of PostgreSQL, a message
 * @param perSecond messages a second
 * @param otherCores cores that everything else on the machine was using
 */
record Cost(double service, double database, double perSecond, double otherCores) {

    static Cost of(CpuMeter.Spent spent, int messages, double seconds) {
        return new Cost(
                (double) spent.service() / messages,
                (double) spent.database() / messages,
                messages / seconds,
                spent.otherCores());
    }

    /** By the names under which the results have them. */
    Map<String, Double> figures(String phase) {
        return Map.of(
                phase + "_us", service + database,
                phase + "_service_us", service,
                phase + "_database_us", database,
                phase + "_per_s", perSecond,
                phase + "_other_cores", otherCores);
    }
}
