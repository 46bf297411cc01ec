package org.messengerp2p.bench.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * Stores messages in turn for a range of recipients: at a rate whatever the answers do, or as fast as the answers come.
 * One use.
 */
public final class StoreLoad {

    /** At a rate, so many may wait for their answers before the generator holds back. */
    private static final int MOST_BEHIND = 2_000;

    private final MailboxClient client;
    private final Bodies bodies;
    private final Boxes boxes;
    private final int total;
    private final long nanosApart;
    private final Latencies latencies;
    private final Promise<Void> done = Promise.promise();
    private long began;
    private int sent;
    private int answered;
    private boolean sending;

    /** @param perSecond 0: as fast as it goes */
    public StoreLoad(MailboxClient client, Bodies bodies, Boxes boxes, int total, int perSecond) {
        this.client = client;
        this.bodies = bodies;
        this.boxes = boxes;
        this.total = total;
        this.nanosApart = perSecond == 0 ? 0 : 1_000_000_000L / perSecond;
        this.latencies = new Latencies(total);
    }

    /** @return the time of each from when it was due to its answer */
    public Future<Latencies> run(Vertx vertx) {
        began = System.nanoTime();
        if (nanosApart == 0) {
            send();
        } else {
            long ticks = vertx.setPeriodic(1, tick -> send());
            done.future().onComplete(end -> vertx.cancelTimer(ticks));
        }
        return done.future().map(latencies);
    }

    /** An answer may be there before {@code store} returns; it is left to the loop that runs. */
    private void send() {
        if (sending) {
            return;
        }
        sending = true;
        while (sent < total && sent - answered < most() && due() <= System.nanoTime()) {
            long since = due();
            int box = boxes.inTurn(sent++);
            client.store(box, bodies.next()).onComplete(answer -> {
                if (answer.failed()) {
                    done.tryFail(answer.cause());
                } else {
                    answered(since);
                }
            });
        }
        sending = false;
    }

    private void answered(long since) {
        latencies.add(System.nanoTime() - since);
        answered++;
        if (answered == total) {
            done.tryComplete();
        } else {
            send();
        }
    }

    private int most() {
        return nanosApart == 0 ? client.window() : MOST_BEHIND;
    }

    private long due() {
        return nanosApart == 0 ? System.nanoTime() : began + sent * nanosApart;
    }
}
