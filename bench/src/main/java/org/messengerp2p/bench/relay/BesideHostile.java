package org.messengerp2p.bench.relay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.Latencies;
import org.messengerp2p.bench.load.RelayScale;
import org.messengerp2p.bench.process.Child;
import org.messengerp2p.bench.process.CpuMeter;
import org.messengerp2p.bench.process.ProcessTree;

/**
 * How long messages take for others, alone and beside a client that keeps no rule. In turns, so that neither half has the
 * warmer service; a message that is not passed on ends the run, and so does a client that is not at it.
 */
public final class BesideHostile {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LOOK_MILLIS = 200;
    private static final double P = 99;

    /** As shipped, from one address. Of them some are always being closed for not reading. */
    private static final int MOST_SOCKETS = 512;

    private final Generator generator;
    private final RelayServer server;
    private final RelayScale scale;
    private final Supplier<Child> hostile;
    private final IntSupplier open;
    private final DoubleSupplier paced;
    private final Map<String, Double> figures = new HashMap<>();
    private Pairs pairs;

    /**
     * @param hostile starts the client, a process of its own
     * @param open how many sockets the server has open, the pairs' among them
     * @param paced how often the server did not read a peer on that sent too fast
     */
    public BesideHostile(
            Generator generator,
            RelayServer server,
            RelayScale scale,
            Supplier<Child> hostile,
            IntSupplier open,
            DoubleSupplier paced) {
        this.generator = generator;
        this.server = server;
        this.scale = scale;
        this.hostile = hostile;
        this.open = open;
        this.paced = paced;
    }

    /** @return figures by the names under which the results have them */
    public Map<String, Double> measure() throws InterruptedException {
        pairs = new Pairs(generator, server.client(generator, server.entrance()), scale.connections());
        pairs.open();
        pairs.relay(scale.warmUpAtRate(), scale.perSecond());
        beside();

        Half alone = alone();
        Half beside = beside();
        Half aloneAgain = alone();
        Half besideAgain = beside();
        pairs.close();

        double without = tell("alone", alone, aloneAgain);
        double with = tell("beside", beside, besideAgain);
        figures.put("hostile_ratio", with / without);
        figures.put("hostile_sockets", (double) Math.min(beside.sockets(), besideAgain.sockets()));
        figures.put("hostile_paced", beside.paced() + besideAgain.paced());
        figures.put("hostile_cores", (beside.cores() + besideAgain.cores()) / 2);
        return figures;
    }

    /**
     * One of two turns.
     *
     * @param sockets that the client had at least
     * @param paced times that it was not read on
     * @param cores that it used
     */
    private record Half(Latencies latencies, CpuMeter.Spent spent, int sockets, double paced, double cores) {}

    /** @return p99 of both in milliseconds */
    private double tell(String phase, Half first, Half second) {
        double millis = first.latencies().and(second.latencies()).millis(P);
        figures.put(phase + "_p99_ms", millis);
        figures.put(phase + "_first_p99_ms", first.latencies().millis(P));
        figures.put(phase + "_second_p99_ms", second.latencies().millis(P));
        figures.putAll(first.spent().and(second.spent()).figures(phase, 2 * scale.atRate()));
        return millis;
    }

    private Half alone() throws InterruptedException {
        CpuMeter meter = new CpuMeter(server.processes());
        Latencies latencies = pairs.relay(scale.atRate(), scale.perSecond());
        return new Half(latencies, meter.read(), 0, 0, 0);
    }

    private Half beside() throws InterruptedException {
        double pacedBefore = paced.getAsDouble();
        try (Child client = hostile.get()) {
            int most = Math.min(MOST_SOCKETS, scale.hostile());
            await("the hostile client has its sockets", () -> sockets() >= most * 3 / 4);
            await("the hostile client is at it", () -> paced.getAsDouble() > pacedBefore);
            TimeUnit.MILLISECONDS.sleep(scale.settleMillis());
            CpuMeter meter = new CpuMeter(server.processes());
            List<Long> hostileProcess = List.of(client.pid());
            int socketsBefore = sockets();
            double pacedAtBegin = paced.getAsDouble();
            long before = ProcessTree.cpuMicros(hostileProcess);
            long began = System.nanoTime();
            Latencies latencies = pairs.relay(scale.atRate(), scale.perSecond());
            double wallMicros = (System.nanoTime() - began) / 1e3;
            CpuMeter.Spent spent = meter.read();
            double cores = (ProcessTree.cpuMicros(hostileProcess) - before) / wallMicros;
            double pacedAtEnd = paced.getAsDouble();
            int least = Math.min(socketsBefore, sockets());
            if (least < most / 2) {
                throw new IllegalStateException("the hostile client had " + least + " sockets, of " + most);
            }
            await("the hostile client is still at it", () -> paced.getAsDouble() > pacedAtEnd);
            return new Half(latencies, spent, least, pacedAtEnd - pacedAtBegin, cores);
        } finally {
            await("the hostile client is gone", () -> sockets() == 0);
        }
    }

    private int sockets() {
        return open.getAsInt() - scale.connections();
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
