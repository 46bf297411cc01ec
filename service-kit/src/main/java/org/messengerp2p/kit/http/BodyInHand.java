package org.messengerp2p.kit.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import org.messengerp2p.kit.limit.AddressPrefix;

/** The body of one request, from its announcement to the end of the answer; or an answer until it is read. */
final class BodyInHand {

    private final HttpServerRequest request;
    private final Context context = Vertx.currentContext();
    private final AddressPrefix from;
    private final long bytes;
    private final long since;

    /** @param bytes that it may have at most */
    BodyInHand(HttpServerRequest request, AddressPrefix from, long bytes, long nowNanos) {
        this.request = request;
        this.from = from;
        this.bytes = bytes;
        this.since = nowNanos;
    }

    AddressPrefix from() {
        return from;
    }

    long bytes() {
        return bytes;
    }

    /** Whether there is nobody to answer any more. */
    boolean isOver() {
        HttpServerResponse response = request.response();
        return response.ended() || response.closed();
    }

    boolean isTooSlow(long nowNanos, Duration grace, long slowestPerSecond) {
        return !request.isEnded() && request.bytesRead() < due(nowNanos - since, grace, slowestPerSecond);
    }

    /** Of an answer that is not written out: whether a client at the slowest rate would have read all of it. */
    boolean isUnread(long nowNanos, Duration grace, long slowestPerSecond) {
        return due(nowNanos - since, grace, slowestPerSecond) > bytes;
    }

    /** What must have come after so long: nothing within the grace, then some more by each second. */
    static long due(long nanos, Duration grace, long slowestPerSecond) {
        long late = nanos - grace.toNanos();
        return late <= 0 ? 0 : 1 + late / 1_000_000_000 * slowestPerSecond;
    }

    /** Without an answer, as a network that fails: who sends a byte now and then does not read one. */
    void cutOff() {
        context.runOnContext(now -> {
            if (request.version() == HttpVersion.HTTP_2) {
                request.response().reset();
            } else {
                request.connection().close();
            }
        });
    }
}
