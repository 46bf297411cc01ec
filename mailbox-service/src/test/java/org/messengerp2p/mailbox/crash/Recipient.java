package org.messengerp2p.mailbox.crash;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.crash.HistoryEvent.AckSent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Acked;
import org.messengerp2p.mailbox.crash.HistoryEvent.CollectSent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Collected;
import org.messengerp2p.mailbox.crash.HistoryEvent.Committed;
import org.messengerp2p.mailbox.crash.HistoryEvent.Forgot;
import org.messengerp2p.mailbox.crash.HistoryEvent.Received;
import org.messengerp2p.mailbox.crash.HistoryEvent.Refused;
import org.messengerp2p.mailbox.crash.HistoryEvent.Unanswered;
import org.messengerp2p.mailbox.crash.MailboxCalls.Reply;

/**
 * A client that collects, commits what it has not seen, and acknowledges. Now and then it crashes in between: before it
 * commits, and has nothing of the page, or before it acknowledges, and knows the page when it comes again. Lives on one
 * event loop.
 */
final class Recipient {

    private static final int REST_MILLIS = 2000;
    private static final int PAUSE_MILLIS = 600;

    private final Vertx vertx;
    private final MailboxCalls calls;
    private final History history;
    private final Client self;
    private final Random random;
    private final int crashesPercent;
    private final Promise<Void> drained = Promise.promise();
    /** Ids, and so envelopes, as the product's client knows them: what a crash does not take. */
    private final Set<String> seen = new HashSet<>();

    private boolean draining;

    Recipient(Vertx vertx, MailboxCalls calls, History history, Client self, Random random, int crashesPercent) {
        this.vertx = vertx;
        this.calls = calls;
        this.history = history;
        this.self = self;
        this.random = random;
        this.crashesPercent = crashesPercent;
    }

    void start() {
        collectLater(REST_MILLIS);
    }

    /** @return completes when nothing waits any more */
    Future<Void> drain() {
        draining = true;
        return drained.future();
    }

    private void collectLater(int longestMillis) {
        vertx.setTimer(1 + random.nextInt(longestMillis), timer -> collect(null));
    }

    private void collect(String after) {
        boolean last = draining && after == null;
        long request = history.nextRequest();
        history.add(now -> new CollectSent(now, request, self.number()));
        calls.collect(self, after).onComplete(result -> collected(request, last, result));
    }

    private void collected(long request, boolean last, AsyncResult<Reply> result) {
        if (result.failed() || result.result().status() != 200) {
            noteFailure(request, result);
            collectLater(PAUSE_MILLIS);
            return;
        }
        JsonObject page = result.result().body();
        List<Received> items = received(page.getJsonArray("items"));
        history.add(now -> new Collected(now, request, items, page.getBoolean("drained")));
        if (!items.isEmpty()) {
            take(items, page);
        } else if (last) {
            drained.tryComplete();
        } else {
            collectLater(draining ? PAUSE_MILLIS : 2 * REST_MILLIS);
        }
    }

    private void take(List<Received> items, JsonObject page) {
        if (crashes()) {
            history.add(now -> new Forgot(now, self.number(), false));
            collectLater(PAUSE_MILLIS);
            return;
        }
        items.forEach(this::commit);
        if (crashes()) {
            history.add(now -> new Forgot(now, self.number(), true));
            collectLater(PAUSE_MILLIS);
            return;
        }
        acknowledge(items.stream().map(Received::named).toList(), page);
    }

    private void commit(Received item) {
        if (seen.add(item.named())) {
            history.add(now -> new Committed(now, self.number(), item.sender(), item.number()));
        }
    }

    private void acknowledge(List<String> ids, JsonObject page) {
        long request = history.nextRequest();
        history.add(now -> new AckSent(now, request, self.number(), ids));
        calls.ack(self, ids).onComplete(result -> acknowledged(request, ids, page, result));
    }

    private void acknowledged(long request, List<String> ids, JsonObject page, AsyncResult<Reply> result) {
        if (result.failed() || result.result().status() != 204) {
            noteFailure(request, result);
            if (random.nextBoolean()) {
                collectLater(PAUSE_MILLIS);
            } else {
                vertx.setTimer(1 + random.nextInt(PAUSE_MILLIS), timer -> acknowledge(ids, page));
            }
            return;
        }
        history.add(now -> new Acked(now, request));
        if (!page.getBoolean("drained")) {
            collect(page.getString("next"));
        } else if (draining) {
            collect(null);
        } else {
            collectLater(2 * REST_MILLIS);
        }
    }

    private boolean crashes() {
        return !draining && random.nextInt(100) < crashesPercent;
    }

    private void noteFailure(long request, AsyncResult<Reply> result) {
        if (result.failed()) {
            String why = result.cause().getClass().getSimpleName();
            history.add(now -> new Unanswered(now, request, why));
        } else {
            history.add(now -> new Refused(now, request, result.result().status()));
        }
    }

    private static List<Received> received(JsonArray items) {
        List<Received> received = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            JsonObject item = items.getJsonObject(i);
            byte[] bytes = Base64.getUrlDecoder().decode(item.getString("envelope"));
            TestEnvelope envelope = TestEnvelope.read(bytes);
            received.add(new Received(
                    item.getString("id"),
                    EnvelopeId.of(bytes).base64url(),
                    envelope.sender(),
                    envelope.recipient(),
                    envelope.number()));
        }
        return received;
    }
}
