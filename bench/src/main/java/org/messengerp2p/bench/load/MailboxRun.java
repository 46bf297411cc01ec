package org.messengerp2p.bench.load;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.bench.process.CpuMeter;

/** All phases of one system: warm up, store at a rate, store flat out, drain. Each ends with a look into the table. */
public final class MailboxRun {

    private static final Duration LONGEST_PHASE = Duration.ofMinutes(4);

    /** What follows the last commit, and what a system does when it rests, belong to the phase. */
    private static final Duration AFTERMATH = Duration.ofMillis(500);

    private static final Duration REST = Duration.ofSeconds(1);

    private final Generator generator;
    private final Candidate candidate;
    private final long database;
    private final Scale scale;
    private final Bodies bodies = new Bodies();
    private MailboxClient client;

    /** @param database process id of the postmaster */
    public MailboxRun(Generator generator, Candidate candidate, long database, Scale scale) {
        this.generator = generator;
        this.candidate = candidate;
        this.database = database;
        this.scale = scale;
    }

    /** @return figures by the names under which the results have them */
    public Map<String, Double> run() throws Exception {
        Boxes warm = new Boxes(0, scale.warmUp());
        Boxes warmAtRate = warm.next(scale.atRate());
        Boxes atRate = warmAtRate.next(scale.atRate());
        Boxes flatOut = atRate.next(scale.flatOut());
        candidate.prepare(scale.boxes());
        client = candidate.client(generator);
        try {
            for (int left = candidate.compilesWhileItRuns() ? scale.warmUps() : 1; left > 1; left--) {
                store(warm, 0);
                drain(warm);
            }
            store(warm, 0);
            store(warmAtRate, scale.perSecond());
            drain(new Boxes(0, warmAtRate.end()));
            Stored rate = store(atRate, scale.perSecond());
            Stored full = store(flatOut, 0);
            Cost drained = drain(new Boxes(atRate.first(), atRate.count() + flatOut.count()));
            return figures(rate, full, drained);
        } finally {
            generator.await(LONGEST_PHASE, client::close);
        }
    }

    private Stored store(Boxes boxes, int perSecond) throws InterruptedException {
        int total = boxes.count() * Scale.EACH;
        long before = candidate.waiting();
        rest();
        CpuMeter meter = new CpuMeter(candidate.processes(), database);
        long began = System.nanoTime();
        StoreLoad load = new StoreLoad(client, bodies, boxes, total, perSecond);
        Latencies latencies = generator.await(LONGEST_PHASE, () -> load.run(generator.vertx()));
        if (!client.confirms()) {
            awaitStored(before + total);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        sleep(AFTERMATH);
        CpuMeter.Spent spent = meter.read();
        requireWaiting(before + total);
        Cost cost = Cost.of(spent, total, seconds);
        return client.confirms()
                ? new Stored(cost, latencies.millis(50), latencies.millis(99))
                : new Stored(cost, Double.NaN, Double.NaN);
    }

    private Cost drain(Boxes boxes) throws InterruptedException {
        int total = boxes.count() * Scale.EACH;
        long before = candidate.waiting();
        generator.await(LONGEST_PHASE, () -> signIn(boxes.first(), boxes.end()));
        rest();
        CpuMeter meter = new CpuMeter(candidate.processes(), database);
        long began = System.nanoTime();
        int taken = generator.await(LONGEST_PHASE, () -> new DrainLoad(client, boxes, Scale.EACH).run());
        double seconds = (System.nanoTime() - began) / 1e9;
        sleep(AFTERMATH);
        CpuMeter.Spent spent = meter.read();
        if (taken != total) {
            throw new IllegalStateException(taken + " messages came and " + total + " had been stored");
        }
        requireWaiting(before - total);
        return Cost.of(spent, total, seconds);
    }

    private Future<Void> signIn(int box, int end) {
        return box == end ? Future.succeededFuture() : client.signIn(box).compose(done -> signIn(box + 1, end));
    }

    /** Where stores are not confirmed: until the processes rest, and then by the table. */
    private void awaitStored(long wanted) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_PHASE.toNanos();
        while (true) {
            CpuMeter meter = new CpuMeter(candidate.processes(), database);
            TimeUnit.MILLISECONDS.sleep(400);
            boolean rests = meter.read().total() < 30_000;
            if (rests && candidate.waiting() >= wanted) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not everything that was sent is stored");
            }
        }
    }

    private void requireWaiting(long wanted) {
        long waiting = candidate.waiting();
        if (waiting != wanted) {
            throw new IllegalStateException(waiting + " messages wait, not " + wanted);
        }
    }

    private static void rest() throws InterruptedException {
        sleep(REST);
    }

    private static void sleep(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }

    private static Map<String, Double> figures(Stored rate, Stored full, Cost drained) {
        Map<String, Double> figures = new HashMap<>(drained.figures("drain"));
        figures.putAll(rate.figures("rate"));
        figures.putAll(full.figures("full"));
        return figures;
    }

    /** Latencies in milliseconds from when a store was due to its answer; NaN where the system does not answer. */
    private record Stored(Cost cost, double p50, double p99) {

        Map<String, Double> figures(String phase) {
            Map<String, Double> figures = new HashMap<>(cost.figures(phase));
            figures.put(phase + "_p50_ms", p50);
            figures.put(phase + "_p99_ms", p99);
            return figures;
        }
    }
}
