package org.messengerp2p.bench.relay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.Latencies;
import org.messengerp2p.bench.load.RelayScale;
import org.messengerp2p.bench.process.Child;
import org.messengerp2p.bench.process.CpuMeter;
import org.messengerp2p.bench.process.ProcessTree;

/**
 * How long messages take for others, alone and beside a client that keeps no rule. In turns, so that neither half has the
 * warmer service; a message that is not passed on ends the run.
 */
public final class BesideHostile {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOOK_MILLIS = 200;

    /** As shipped, from one address. Of them some are always being closed for not reading. */
    private static final int MOST_SOCKETS = 512;

    private final Generator generator;
    private final RelayServer server;
    private final RelayScale scale;
    private final Supplier<Child> hostile;
    private final Supplier<Integer> open;
    private final Map<String, Double> figures = new HashMap<>();
    private Pairs pairs;

    /**
     * @param hostile starts the client, a process of its own
     * @param open how many sockets the server has open, the pairs' among them
     */
    public BesideHostile(
            Generator generator,
            RelayServer server,
            RelayScale scale,
            Supplier<Child> hostile,
            Supplier<Integer> open) {
        this.generator = generator;
        this.server = server;
        this.scale = scale;
        this.hostile = hostile;
        this.open = open;
    }

    /** @return figures by the names under which the results have them */
    public Map<String, Double> measure() throws InterruptedException {
        pairs = new Pairs(generator, server.client(generator, server.entrance()), scale.connections());
        pairs.open();
        pairs.relay(scale.warmUpAtRate(), scale.perSecond());
        beside();

        double alone = alone();
        double beside = beside();
        double aloneAgain = alone();
        double besideAgain = beside();
        pairs.close();

        double without = (alone + aloneAgain) / 2;
        double with = (beside + besideAgain) / 2;
        figures.put("alone_p99_ms", without);
        figures.put("beside_p99_ms", with);
        figures.put("hostile_ratio", with / without);
        return figures;
    }

    private double alone() throws InterruptedException {
        CpuMeter meter = new CpuMeter(server.processes());
        double millis = p99();
        figures.putAll(meter.read().figures("alone", scale.atRate()));
        return millis;
    }

    private double beside() throws InterruptedException {
        try (Child client = hostile.get()) {
            int most = Math.min(MOST_SOCKETS, scale.hostile());
            await("the hostile client has its sockets", () -> open.get() - scale.connections() >= most * 3 / 4);
            TimeUnit.MILLISECONDS.sleep(scale.settleMillis());
            CpuMeter meter = new CpuMeter(server.processes());
            List<Long> hostileProcess = List.of(client.pid());
            long before = ProcessTree.cpuMicros(hostileProcess);
            long began = System.nanoTime();
            double millis = p99();
            double wallMicros = (System.nanoTime() - began) / 1e3;
            figures.putAll(meter.read().figures("beside", scale.atRate()));
            figures.put("hostile_cores", (ProcessTree.cpuMicros(hostileProcess) - before) / wallMicros);
            figures.put("hostile_sockets", (double) open.get() - scale.connections());
            return millis;
        } finally {
            await("the hostile client is gone", () -> open.get() == scale.connections());
        }
    }

    private double p99() throws InterruptedException {
        Latencies latencies = pairs.relay(scale.atRate(), scale.perSecond());
        return latencies.millis(99);
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("not so: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}
