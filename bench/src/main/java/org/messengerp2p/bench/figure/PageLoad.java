package org.messengerp2p.bench.figure;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.messengerp2p.bench.load.Boxes;
import org.messengerp2p.bench.load.Latencies;
import org.messengerp2p.bench.product.RestClient;

/** Recipients take a page in turn, at a rate whatever the answers do, and acknowledge nothing. One use. */
final class PageLoad {

    private final RestClient client;
    private final Boxes boxes;
    private final int total;
    private final long nanosApart;
    private final Latencies latencies;
    private final Promise<Latencies> done = Promise.promise();
    private long began;
    private int asked;

    PageLoad(RestClient client, Boxes boxes, int total, int perSecond) {
        this.client = client;
        this.boxes = boxes;
        this.total = total;
        this.nanosApart = 1_000_000_000L / perSecond;
        this.latencies = new Latencies(total);
    }

    /** @return the time of each page from when it was due */
    Future<Latencies> run(Vertx vertx) {
        began = System.nanoTime();
        long ticks = vertx.setPeriodic(1, tick -> ask());
        return done.future().onComplete(end -> vertx.cancelTimer(ticks));
    }

    private void ask() {
        while (asked < total && began + asked * nanosApart <= System.nanoTime()) {
            long due = began + asked * nanosApart;
            client.collect(boxes.inTurn(asked++)).onFailure(done::tryFail).onSuccess(page -> {
                latencies.add(System.nanoTime() - due);
                if (latencies.count() == total) {
                    done.tryComplete(latencies);
                }
            });
        }
    }
}
