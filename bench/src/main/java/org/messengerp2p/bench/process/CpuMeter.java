package org.messengerp2p.bench.process;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a service and its database spend from now on; the generator of the load is never counted. */
public final class CpuMeter {

    private final List<Long> service;
    private final long database;
    private final long began = System.nanoTime();
    private final long serviceBefore;
    private final long databaseBefore;
    private final long ownBefore = own();
    private final long machineBefore = Machine.busyMicros();

    /**
     * @param service roots of the service's processes
     * @param database root of the database's
     */
    public CpuMeter(List<Long> service, long database) {
        this.service = List.copyOf(service);
        this.database = database;
        this.serviceBefore = ProcessTree.cpuMicros(this.service);
        this.databaseBefore = ProcessTree.cpuMicros(database);
    }

    public Spent read() {
        long byService = ProcessTree.cpuMicros(service) - serviceBefore;
        long byDatabase = ProcessTree.cpuMicros(database) - databaseBefore;
        long bySelf = own() - ownBefore;
        long others = Machine.busyMicros() - machineBefore - byService - byDatabase - bySelf;
        long wall = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
        return new Spent(byService, byDatabase, (double) Math.max(0, others) / wall);
    }

    /** This process alone: the measured ones are its children. Exact, where a tree's ticks are not. */
    private static long own() {
        return TimeUnit.NANOSECONDS.toMicros(
                java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime());
    }

    /**
     * @param service CPU microseconds
     * @param database CPU microseconds
     * @param otherCores cores that everything else on the machine was using
     */
    public record Spent(long service, long database, double otherCores) {

        public long total() {
            return service + database;
        }
    }
}
