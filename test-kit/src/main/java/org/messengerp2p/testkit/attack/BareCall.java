package org.messengerp2p.testkit.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One GET with headers as they are given, and the whole of its answer, to be compared. */
public final class BareCall {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private BareCall() {}

    /** Status, all headers and the bytes of the body. */
    public record Answer(int status, Map<String, List<String>> headers, String body) {}

    public static Answer bearer(URI target, String token) {
        return get(target, "Authorization", "Bearer " + token);
    }

    /** @param namesAndValues of headers, in turn */
    public static Answer get(URI target, String... namesAndValues) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            request.header(namesAndValues[i], namesAndValues[i + 1]);
        }
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(answer.headers().map());
            return new Answer(answer.statusCode(), headers, answer.body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
