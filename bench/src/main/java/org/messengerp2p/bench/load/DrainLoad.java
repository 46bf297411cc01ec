package org.messengerp2p.bench.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Recipients come back, a few at a time, and take everything that waits for them. One use. */
public final class DrainLoad {

    private static final int AT_A_TIME = 10;

    private final MailboxClient client;
    private final Boxes boxes;
    private final int each;
    private final Promise<Void> done = Promise.promise();
    private int begun;
    private int ended;
    private int taken;

    /** @param each messages that wait for each of them */
    public DrainLoad(MailboxClient client, Boxes boxes, int each) {
        this.client = client;
        this.boxes = boxes;
        this.each = each;
    }

    /** @return how many messages came */
    public Future<Integer> run() {
        for (int i = 0; i < Math.min(AT_A_TIME, boxes.count()); i++) {
            drainNext();
        }
        return done.future().map(end -> taken);
    }

    private void drainNext() {
        if (begun == boxes.count()) {
            return;
        }
        client.drain(boxes.inTurn(begun++), each).onComplete(count -> {
            if (count.failed()) {
                done.tryFail(count.cause());
                return;
            }
            taken += count.result();
            ended++;
            if (ended == boxes.count()) {
                done.tryComplete();
            } else {
                drainNext();
            }
        });
    }
}
