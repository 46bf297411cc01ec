package org.messengerp2p.bench.product;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/** HTTP/1.1 over connections that are kept; one request at a time on each. */
final class Calls {

    private final HttpClient http;
    private final int port;

    Calls(Vertx vertx, int port, boolean tls, int connections) {
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAliveTimeout(600)
                .setSsl(tls)
                .setTrustAll(true)
                .setVerifyHost(false);
        this.http = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(connections));
        this.port = port;
    }

    /**
     * @param bearer null: nobody is signed in
     * @param body JSON; null: none
     * @return the body of an answer 2xx; anything else fails
     */
    Future<Buffer> call(HttpMethod method, String path, String bearer, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path);
        if (bearer != null) {
            options.putHeader("Authorization", "Bearer " + bearer);
        }
        if (body != null) {
            options.putHeader("Content-Type", "application/json");
        }
        return http.request(options)
                .compose(request -> body == null ? request.send() : request.send(body))
                .compose(answer -> answer.body().compose(bytes -> require2xx(answer, bytes)));
    }

    Future<Void> close() {
        return http.close();
    }

    private static Future<Buffer> require2xx(HttpClientResponse answer, Buffer body) {
        return answer.statusCode() / 100 == 2
                ? Future.succeededFuture(body)
                : Future.failedFuture("answered " + answer.statusCode() + " " + body);
    }
}
