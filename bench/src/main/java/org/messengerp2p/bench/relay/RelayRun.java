package org.messengerp2p.bench.relay;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.messengerp2p.bench.load.Generator;
import org.messengerp2p.bench.load.Latencies;
import org.messengerp2p.bench.load.RelayScale;
import org.messengerp2p.bench.process.CpuMeter;
import org.messengerp2p.bench.process.Jvm;
import org.messengerp2p.bench.process.ProcessTree;
import org.messengerp2p.bench.process.Processes;
import org.messengerp2p.bench.relay.RelayClient.Connection;
import org.messengerp2p.bench.relay.RelayClient.Receiver;

/** All phases of one system: warm up, relay at a rate, relay flat out, connections that do nothing, connecting. */
public final class RelayRun {

    private static final Duration LONGEST_PHASE = Duration.ofMinutes(4);

    /** What a server does when it rests belongs to the phase. */
    private static final Duration AFTERMATH = Duration.ofMillis(500);

    private static final Duration REST = Duration.ofSeconds(1);

    private static final int OPENING = 20;

    private static final int WARM_UP_OF_COMPILED = 8;

    private final Generator generator;
    private final RelayServer server;
    private final RelayScale scale;
    private final RelayClient client;
    private final int passes;
    private final Map<String, Double> figures = new HashMap<>();

    public RelayRun(Generator generator, RelayServer server, RelayScale scale) {
        this.generator = generator;
        this.server = server;
        this.scale = scale;
        this.client = server.client(generator, server.entrance());
        this.passes = server.virtualMachines().isEmpty() ? 1 : scale.passes();
    }

    /** @return figures by the names under which the results have them */
    public Map<String, Double> run() throws InterruptedException {
        server.prepare(scale.users(passes));
        Pairs pairs = new Pairs(generator, client, scale.connections());
        pairs.open();
        pairs.relay(server.virtualMachines().isEmpty() ? scale.warmUp() / WARM_UP_OF_COMPILED : scale.warmUp(), 0);
        pairs.relay(scale.warmUpAtRate(), scale.perSecond());
        measure(pairs, "relay", scale.atRate(), scale.perSecond());
        measure(pairs, "flood", scale.flatOut(), 0);
        pairs.close();
        idle();
        connect();
        return figures;
    }

    private void idle() throws InterruptedException {
        sleep(REST);
        passBy(0);
        AtomicInteger lost = new AtomicInteger();
        List<Connection> idle = new ArrayList<>();
        Memory empty = memory();
        openAll(scale.connections(), scale.few(), idle, lost);
        Memory few = memory();
        int further = scale.many() - scale.few();
        openAll(scale.connections() + scale.few(), further, idle, lost);
        Memory many = memory();

        if (lost.get() != 0) {
            throw new IllegalStateException(lost.get() + " of the idle connections were closed or brought a message");
        }
        closeAll(idle);
        figures.put("base_mib", (empty.service() + empty.gateway()) / 1024.0);
        figures.put("base_gateway_mib", empty.gateway() / 1024.0);
        double service = (double) (many.service() - few.service()) / further;
        double gateway = (double) (many.gateway() - few.gateway()) / further;
        figures.put("idle_kib", service + gateway);
        figures.put("idle_service_kib", service);
        figures.put("idle_gateway_kib", gateway);
    }

    private void connect() throws InterruptedException {
        for (int pass = 1; pass < passes; pass++) {
            passBy(pass);
        }
        sleep(REST);
        CpuMeter meter = new CpuMeter(server.processes());
        openAll(scale.connections(), scale.many(), new ArrayList<>(), new AtomicInteger());
        sleep(AFTERMATH);
        figures.putAll(meter.read().figures("connect", scale.many()));
    }

    private void passBy(int pass) throws InterruptedException {
        int first = scale.connections() + scale.many() + pass * scale.passing();
        List<Connection> passing = new ArrayList<>();
        openAll(first, scale.passing(), passing, new AtomicInteger());
        closeAll(passing);
    }

    private void openAll(int first, int count, List<Connection> connections, AtomicInteger lost)
            throws InterruptedException {
        generator.await(LONGEST_PHASE, () -> open(first, count, connections, lost));
    }

    private void closeAll(List<Connection> connections) throws InterruptedException {
        generator.await(
                LONGEST_PHASE,
                () -> Crowd.each(
                        0,
                        connections.size(),
                        OPENING,
                        each -> connections.get(each).close()));
    }

    private Future<Void> open(int first, int count, List<Connection> connections, AtomicInteger lost) {
        return Crowd.each(
                first,
                count,
                OPENING,
                user -> client.open(user, new Idle(lost))
                        .onSuccess(connections::add)
                        .mapEmpty());
    }

    /** Without what is garbage already. */
    private Memory memory() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(scale.settleMillis());
        for (long machine : server.virtualMachines()) {
            Jvm.collectGarbage(machine);
            Jvm.collectGarbage(machine);
        }
        TimeUnit.MILLISECONDS.sleep(scale.settleMillis() / 4);
        Processes processes = server.processes();
        return new Memory(ProcessTree.pssKib(processes.service()), ProcessTree.pssKib(processes.gateway()));
    }

    private static void sleep(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }

    /** Proportional set sizes, KiB. */
    private record Memory(long service, long gateway) {}

    /** A connection that does nothing, to which nothing may come. */
    private record Idle(AtomicInteger lost) implements Receiver {

        @Override
        public void message(Buffer body) {
            lost.incrementAndGet();
        }

        @Override
        public void refused(String why) {
            lost.incrementAndGet();
        }
    }

    private void measure(Pairs pairs, String phase, int total, int perSecond) throws InterruptedException {
        sleep(REST);
        CpuMeter meter = new CpuMeter(server.processes());
        long began = System.nanoTime();
        Latencies latencies = pairs.relay(total, perSecond);
        double seconds = (System.nanoTime() - began) / 1e9;
        sleep(AFTERMATH);
        figures.putAll(meter.read().figures(phase, total));
        figures.put(phase + "_per_s", total / seconds);
        figures.put(phase + "_p50_ms", latencies.millis(50));
        figures.put(phase + "_p99_ms", latencies.millis(99));
    }
}
