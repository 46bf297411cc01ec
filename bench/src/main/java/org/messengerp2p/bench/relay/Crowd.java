package org.messengerp2p.bench.relay;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.IntFunction;

/** Does something for each of a range of users, a bounded number of them at a time. One use. */
final class Crowd {

    private final IntFunction<Future<Void>> work;
    private final int end;
    private final Promise<Void> done = Promise.promise();
    private int next;
    private int left;

    private Crowd(int first, int count, IntFunction<Future<Void>> work) {
        this.work = work;
        this.next = first;
        this.end = first + count;
        this.left = count;
    }

    static Future<Void> each(int first, int count, int atATime, IntFunction<Future<Void>> work) {
        Crowd crowd = new Crowd(first, count, work);
        for (int i = 0; i < Math.min(atATime, count); i++) {
            crowd.begin();
        }
        return crowd.done.future();
    }

    /** By a loop where work is done at once: each of thousands within the one before would be too deep. */
    private void begin() {
        while (next < end && !done.future().isComplete()) {
            Future<Void> one = work.apply(next++);
            if (!one.isComplete()) {
                one.onComplete(result -> {
                    ended(result);
                    begin();
                });
                return;
            }
            ended(one);
        }
    }

    private void ended(AsyncResult<Void> result) {
        if (result.failed()) {
            done.tryFail(result.cause());
            return;
        }
        left--;
        if (left == 0) {
            done.tryComplete();
        }
    }
}
