package org.messengerp2p.bench.process;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a system spends from now on; the generator of the load is never counted. */
public final class CpuMeter {

    private final Processes processes;
    private final long began = System.nanoTime();
    private final long serviceBefore;
    private final long gatewayBefore;
    private final long databaseBefore;
    private final long ownBefore = own();
    private final long machineBefore = Machine.busyMicros();

    public CpuMeter(Processes processes) {
        this.processes = processes;
        this.serviceBefore = ProcessTree.cpuMicros(processes.service());
        this.gatewayBefore = ProcessTree.cpuMicros(processes.gateway());
        this.databaseBefore = ProcessTree.cpuMicros(processes.database());
    }

    /**
     * @param service roots of the service's processes
     * @param database root of the database's
     */
    public CpuMeter(List<Long> service, long database) {
        this(new Processes(List.copyOf(service), List.of(), List.of(database)));
    }

    public Spent read() {
        long byService = ProcessTree.cpuMicros(processes.service()) - serviceBefore;
        long byGateway = ProcessTree.cpuMicros(processes.gateway()) - gatewayBefore;
        long byDatabase = ProcessTree.cpuMicros(processes.database()) - databaseBefore;
        long bySelf = own() - ownBefore;
        long others = Machine.busyMicros() - machineBefore - byService - byGateway - byDatabase - bySelf;
        long wall = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
        return new Spent(byService, byGateway, byDatabase, (double) Math.max(0, others) / wall);
    }

    /** This process alone: the measured ones are its children. Exact, where a tree's ticks are not. */
    private static long own() {
        return TimeUnit.NANOSECONDS.toMicros(
                java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime());
    }

    /**
     * @param service CPU microseconds
     * @param gateway CPU microseconds
     * @param database CPU microseconds
     * @param otherCores cores that everything else on the machine was using
     */
    public record Spent(long service, long gateway, long database, double otherCores) {

        /** Of two phases, of which the busier machine is told. */
        public Spent and(Spent other) {
            return new Spent(
                    service + other.service,
                    gateway + other.gateway,
                    database + other.database,
                    Math.max(otherCores, other.otherCores));
        }

        public long total() {
            return service + gateway + database;
        }

        /** For each of so many, by the names under which the results have them. */
        public Map<String, Double> figures(String phase, int count) {
            return Map.of(
                    phase + "_us", (double) total() / count,
                    phase + "_service_us", (double) service / count,
                    phase + "_gateway_us", (double) gateway / count,
                    phase + "_database_us", (double) database / count,
                    phase + "_other_cores", otherCores);
        }
    }
}
