package org.messengerp2p.mailbox.crash;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.messengerp2p.mailbox.MailboxApi;

/** The calls of {@code /api/mailbox/v1} without a thread each. A failure means that nobody knows what became of it. */
final class MailboxCalls {

    private static final String PATH = "/api/mailbox/v1/";
    private static final int CONNECT_MILLIS = 2000;
    private static final int ANSWER_MILLIS = 10_000;

    private final HttpClient http;

    MailboxCalls(Vertx vertx, int port, int clients) {
        // A client has two calls at most: one sends, one collects.
        HttpClientOptions options = new HttpClientOptions()
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(port)
                .setConnectTimeout(CONNECT_MILLIS);
        http = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(2 * clients))
                // The call that was on the connection fails, and tells it.
                .withConnectHandler(connection -> connection.exceptionHandler(reset -> {}))
                .build();
    }

    /** One envelope of a request, in base64url. */
    record Addressed(long device, String envelope) {}

    /** @param body the JSON object; empty where there is none */
    record Reply(int status, JsonObject body) {}

    Future<Reply> deliver(Client.Account to, List<Addressed> envelopes) {
        JsonObject body = batch(to, envelopes).put("token", MailboxApi.base64url(to.deliveryToken()));
        return call(HttpMethod.POST, "deliver", null, body);
    }

    Future<Reply> messages(Client from, Client.Account to, List<Addressed> envelopes) {
        return call(HttpMethod.POST, "messages", from.accessToken(), batch(to, envelopes));
    }

    /** @param after cursor; null for the beginning */
    Future<Reply> collect(Client device, String after) {
        return call(HttpMethod.GET, after == null ? "collect" : "collect?after=" + after, device.accessToken(), null);
    }

    Future<Reply> ack(Client device, List<String> ids) {
        return call(HttpMethod.POST, "ack", device.accessToken(), new JsonObject().put("ids", new JsonArray(ids)));
    }

    Future<Reply> putDeliveryToken(Client.Account account) {
        String hash = MailboxApi.base64url(MailboxApi.sha256(account.deliveryToken()));
        return call(
                HttpMethod.PUT,
                "delivery-token",
                account.clients().get(0).accessToken(),
                new JsonObject().put("hash", hash));
    }

    private static JsonObject batch(Client.Account to, List<Addressed> envelopes) {
        JsonArray items = new JsonArray();
        envelopes.forEach(addressed ->
                items.add(new JsonObject().put("device_id", addressed.device()).put("envelope", addressed.envelope())));
        return new JsonObject()
                .put("to", to.id().base64url())
                .put("list_version", 1)
                .put("envelopes", items);
    }

    private Future<Reply> call(HttpMethod method, String path, String token, JsonObject body) {
        RequestOptions options =
                new RequestOptions().setMethod(method).setURI(PATH + path).setIdleTimeout(ANSWER_MILLIS);
        if (token != null) {
            options.putHeader("Authorization", "Bearer " + token);
        }
        return http.request(options)
                .compose(request -> send(request, body))
                .compose(response -> response.body().map(bytes -> new Reply(response.statusCode(), json(bytes))));
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request, JsonObject body) {
        return body == null
                ? request.send()
                : request.putHeader("Content-Type", "application/json").send(body.toBuffer());
    }

    private static JsonObject json(Buffer bytes) {
        return bytes.length() == 0 ? new JsonObject() : new JsonObject(bytes);
    }
}
