package org.messengerp2p.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Calls a service's REST as a client of the protocol does, and shows the whole answer. */
public final class RestClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final Consumer<Answer> check;

    public RestClient(URI base) {
        this(base, answer -> {});
    }

    /** @param check sees every answer, and fails the call by what it throws */
    public RestClient(URI base, Consumer<Answer> check) {
        this.base = base;
        this.check = check;
    }

    /** An answer, its body read where there is one. */
    public record Answer(int status, JsonNode body, HttpResponse<String> response) {
        /** The slug of a problem; empty for any other answer. */
        public String problem() {
            return body.path("type").asText("").replace("urn:mp2p:problem:", "");
        }

        public Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        public String text(String field) {
            return body.path(field).asText();
        }

        public byte[] bytes(String field) {
            return Base64.getUrlDecoder().decode(text(field));
        }
    }

    public Answer get(String path, String token) {
        return call("GET", path, token, null).join();
    }

    public Answer post(String path, String token, Object body) {
        return call("POST", path, token, body).join();
    }

    public Answer put(String path, String token, Object body) {
        return call("PUT", path, token, body).join();
    }

    /** @param token sent as a bearer; null for none. @param body sent as JSON, a String as it is; null for none */
    public CompletableFuture<Answer> call(String method, String path, String token, Object body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).method(method, publisher(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(response -> {
            Answer answer = answer(response);
            check.accept(answer);
            return answer;
        });
    }

    private static BodyPublisher publisher(Object body) {
        try {
            return body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body instanceof String text ? text : JSON.writeValueAsString(body));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Answer answer(HttpResponse<String> response) {
        try {
            return new Answer(
                    response.statusCode(),
                    response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body()),
                    response);
        } catch (IOException notJson) {
            throw new UncheckedIOException(response.statusCode() + " " + response.body(), notJson);
        }
    }
}
