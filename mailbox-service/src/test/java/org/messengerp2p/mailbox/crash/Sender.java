package org.messengerp2p.mailbox.crash;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.crash.HistoryEvent.Answered;
import org.messengerp2p.mailbox.crash.HistoryEvent.Item;
import org.messengerp2p.mailbox.crash.HistoryEvent.Sent;
import org.messengerp2p.mailbox.crash.HistoryEvent.Unanswered;
import org.messengerp2p.mailbox.crash.MailboxCalls.Addressed;
import org.messengerp2p.mailbox.crash.MailboxCalls.Reply;

/**
 * A client that sends messages, one at a time and at its own pace, and each until it is acknowledged: the same bytes
 * again after 503, a reset or a silence, as the product's client does. Lives on one event loop.
 */
final class Sender {

    private static final int SHORTEST_PAUSE_MILLIS = 300;
    private static final int LONGEST_PAUSE_MILLIS = 900;

    /** Messages that may be late. A machine that cannot keep up shall not have more to do at the end than at first. */
    private static final int MOST_LATE = 6;

    private final Vertx vertx;
    private final MailboxCalls calls;
    private final History history;
    private final Client self;
    private final List<Client.Account> contacts;
    private final Random random;
    private final double intervalMillis;
    private final Runnable acknowledged;
    private final Promise<Void> finished = Promise.promise();
    private final Map<Integer, Integer> nextNumbers = new HashMap<>();
    private long start;
    private long end = Long.MAX_VALUE;
    private int sent;

    Sender(
            Vertx vertx,
            MailboxCalls calls,
            History history,
            Client self,
            List<Client.Account> contacts,
            Random random,
            double intervalMillis,
            Runnable acknowledged) {
        this.vertx = vertx;
        this.calls = calls;
        this.history = history;
        this.self = self;
        this.contacts = contacts;
        this.random = random;
        this.intervalMillis = intervalMillis;
        this.acknowledged = acknowledged;
    }

    void start() {
        // not all at the same moment
        start = System.currentTimeMillis() + random.nextInt((int) intervalMillis + 1);
        next();
    }

    /** @return completes when all that was due until now is acknowledged */
    Future<Void> finish() {
        end = System.currentTimeMillis();
        return finished.future();
    }

    private void next() {
        long now = System.currentTimeMillis();
        start = Math.max(start, now - (long) ((sent + MOST_LATE) * intervalMillis));
        long due = start + (long) (sent * intervalMillis);
        long wait = due - now;
        if (due >= end) {
            finished.tryComplete();
        } else if (wait > 0) {
            vertx.setTimer(wait, timer -> next());
        } else {
            sent++;
            send(newMessage());
        }
    }

    private Message newMessage() {
        Client.Account to = contacts.get(random.nextInt(contacts.size()));
        List<Item> items = new ArrayList<>();
        List<Addressed> envelopes = new ArrayList<>();
        for (Client recipient : to.clients()) {
            int number = nextNumbers.merge(recipient.number(), 1, Integer::sum) - 1;
            byte[] bytes = new TestEnvelope(self.number(), recipient.number(), number).bytes(random);
            items.add(new Item(recipient.number(), number, EnvelopeId.of(bytes).base64url()));
            envelopes.add(new Addressed(recipient.device().device().value(), MailboxApi.base64url(bytes)));
        }
        return new Message(to, items, envelopes);
    }

    private void send(Message message) {
        long request = history.nextRequest();
        history.add(now -> new Sent(now, request, self.number(), message.items));
        Future<Reply> reply = random.nextBoolean()
                ? calls.deliver(message.to, message.envelopes)
                : calls.messages(self, message.to, message.envelopes);
        reply.onComplete(result -> sent(message, request, result));
    }

    private void sent(Message message, long request, AsyncResult<Reply> result) {
        if (result.failed()) {
            String why = result.cause().getClass().getSimpleName();
            history.add(now -> new Unanswered(now, request, why));
            sendAgainLater(message);
            return;
        }
        Reply reply = result.result();
        List<String> states = reply.status() == 200 ? states(reply.body()) : List.of();
        history.add(now -> new Answered(now, request, reply.status(), states));
        if (states.isEmpty()) {
            sendAgainLater(message);
        } else if (states.contains("full")) {
            sendAgainLater(message.those(states, "full"));
        } else {
            acknowledged.run();
            next();
        }
    }

    private void sendAgainLater(Message message) {
        vertx.setTimer(random.nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS), timer -> send(message));
    }

    private static List<String> states(JsonObject body) {
        JsonArray results = body.getJsonArray("results");
        return IntStream.range(0, results.size())
                .mapToObj(i -> results.getJsonObject(i).getString("state"))
                .toList();
    }

    /** To all devices of an account. */
    private record Message(Client.Account to, List<Item> items, List<Addressed> envelopes) {

        Message those(List<String> states, String state) {
            List<Integer> which = IntStream.range(0, states.size())
                    .filter(i -> states.get(i).equals(state))
                    .boxed()
                    .toList();
            return new Message(
                    to,
                    which.stream().map(items::get).toList(),
                    which.stream().map(envelopes::get).toList());
        }
    }
}
