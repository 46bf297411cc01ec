package org.messengerp2p.bench.floor;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.messengerp2p.bench.floor.Frame.Kind;
import org.messengerp2p.bench.load.MailboxClient;

/** Talks to the floor over a few sockets; answers are found again by the number of their request. */
final class FloorClient implements MailboxClient {

    private static final int STORES_A_SOCKET = 16;

    private final List<WebSocket> sockets;
    private final Map<Integer, Promise<Buffer>> open = new HashMap<>();
    private int requests;

    FloorClient(List<WebSocket> sockets) {
        this.sockets = sockets;
        sockets.forEach(socket -> socket.binaryMessageHandler(
                frame -> open.remove(Frame.request(frame)).complete(frame)));
    }

    @Override
    public Future<Void> store(int box, Buffer body) {
        int request = requests++;
        Buffer frame = Frame.of(Kind.STORE, request, Integer.BYTES + body.length());
        return call(request, frame.appendInt(box).appendBuffer(body)).mapEmpty();
    }

    @Override
    public int window() {
        return STORES_A_SOCKET * sockets.size();
    }

    @Override
    public Future<Integer> drain(int box, int expected) {
        return drainBehind(box, expected, 0);
    }

    private Future<Integer> drainBehind(int box, int expected, int taken) {
        if (taken >= expected) {
            return Future.succeededFuture(taken);
        }
        int request = requests++;
        return call(request, Frame.of(Kind.DRAIN, request, Integer.BYTES).appendInt(box))
                .compose(page -> page.getInt(Frame.HEADER + Long.BYTES) == 0
                        ? Future.succeededFuture(taken)
                        : acknowledge(box, page.getLong(Frame.HEADER))
                                .compose(gone -> drainBehind(box, expected, taken + gone)));
    }

    private Future<Integer> acknowledge(int box, long last) {
        int request = requests++;
        Buffer frame = Frame.of(Kind.ACK, request, Integer.BYTES + Long.BYTES);
        return call(request, frame.appendInt(box).appendLong(last)).map(acked -> acked.getInt(Frame.HEADER));
    }

    private Future<Buffer> call(int request, Buffer frame) {
        Promise<Buffer> answer = Promise.promise();
        open.put(request, answer);
        sockets.get(request % sockets.size()).writeBinaryMessage(frame).onFailure(answer::tryFail);
        return answer.future();
    }

    @Override
    public Future<Void> close() {
        return Future.join(sockets.stream().map(WebSocket::close).toList()).mapEmpty();
    }
}
