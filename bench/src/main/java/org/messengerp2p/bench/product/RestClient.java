package org.messengerp2p.bench.product;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.messengerp2p.bench.load.MailboxClient;

/** Calls {@code /api/mailbox/v1} as the web client does (MP2P/1 §20). */
public final class RestClient implements MailboxClient {

    private static final String BASE = "/api/mailbox/v1/";
    private static final String COLLECT = "collect?limit=100";
    private static final String STORED = "\"stored\"";

    private final Calls calls;
    private final int connections;
    private final List<Recipient> recipients;
    private final List<String> senders;
    private final Map<Integer, String> signedIn = new HashMap<>();
    private int sent;

    /** @param senders access tokens of those who send by {@code messages}; empty: everything goes by {@code deliver} */
    RestClient(Calls calls, int connections, List<Recipient> recipients, List<String> senders) {
        this.calls = calls;
        this.connections = connections;
        this.recipients = recipients;
        this.senders = senders;
    }

    @Override
    public Future<Void> store(int box, Buffer body) {
        Recipient to = recipients.get(box);
        String start = "{\"to\":\"" + to.account() + "\",\"list_version\":1,";
        String end = "\"envelopes\":[{\"device_id\":" + to.device().device().value() + ",\"envelope\":\""
                + Recipient.base64url(body.getBytes()) + "\"}]}";
        Future<Buffer> answer = senders.isEmpty()
                ? post("deliver", null, start + "\"token\":\"" + to.deliveryToken() + "\"," + end)
                : post("messages", senders.get(sent++ % senders.size()), start + end);
        return answer.compose(result -> result.toString().contains(STORED)
                ? Future.<Void>succeededFuture()
                : Future.failedFuture("not stored: " + result));
    }

    @Override
    public int window() {
        return connections;
    }

    /** With a token of its own, so that its first call costs the check of a signature. */
    @Override
    public Future<Void> signIn(int box) {
        signedIn.put(box, recipients.get(box).newAccessToken());
        return Future.succeededFuture();
    }

    @Override
    public Future<Integer> drain(int box, int expected) {
        return drainBehind(signedIn.get(box), 0);
    }

    /** Page by page, each acknowledged when it is here. */
    private Future<Integer> drainBehind(String token, int taken) {
        return collect(token).compose(page -> {
            JsonArray items = page.getJsonArray("items");
            int now = taken + items.size();
            Future<Void> gone = items.isEmpty() ? Future.succeededFuture() : acknowledge(token, items);
            return page.getBoolean("drained") ? gone.map(now) : gone.compose(done -> drainBehind(token, now));
        });
    }

    /** One page, of which nothing is acknowledged. */
    public Future<Integer> collect(int box) {
        return collect(signedIn.get(box)).map(page -> page.getJsonArray("items").size());
    }

    /** The same as it goes over the wire. */
    public String collectRequest(int box) {
        return "GET " + BASE + COLLECT + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + signedIn.get(box)
                + "\r\n\r\n";
    }

    private Future<JsonObject> collect(String token) {
        return calls.call(HttpMethod.GET, BASE + COLLECT, token, null).map(Buffer::toJsonObject);
    }

    private Future<Void> acknowledge(String token, JsonArray items) {
        JsonArray ids = new JsonArray();
        for (int i = 0; i < items.size(); i++) {
            ids.add(items.getJsonObject(i).getString("id"));
        }
        return post("ack", token, new JsonObject().put("ids", ids).encode()).mapEmpty();
    }

    Future<Void> putDeliveryToken(Recipient recipient, String token) {
        String body = "{\"hash\":\"" + recipient.deliveryTokenHash() + "\"}";
        return calls.call(HttpMethod.PUT, BASE + "delivery-token", token, Buffer.buffer(body))
                .mapEmpty();
    }

    private Future<Buffer> post(String path, String token, String body) {
        return calls.call(HttpMethod.POST, BASE + path, token, Buffer.buffer(body));
    }

    @Override
    public Future<Void> close() {
        return calls.close();
    }
}
