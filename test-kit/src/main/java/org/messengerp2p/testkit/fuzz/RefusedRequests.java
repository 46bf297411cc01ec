package org.messengerp2p.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.messengerp2p.testkit.fuzz.MalformedRequests.Malformed;
import org.messengerp2p.testkit.openapi.ApiDocument;
import org.messengerp2p.testkit.openapi.ApiDocument.Call;

/**
 * Whatever a request breaks, it is refused by a problem that the document lists for its call. Ten thousand requests, the
 * same ones each time; {@code -Dfuzz.seed=…} makes others and {@code -Dfuzz.requests=…} more.
 */
public final class RefusedRequests {
    private static final long SEED = Long.getLong("fuzz.seed", 6);
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 10_000);
    private static final int WARM_UP = 1_000;
    private static final int AT_ONCE = 8;
    private static final int MOST_FAULTS = 20;
    private static final long MOST_GROWTH_BYTES = 8 * 1024 * 1024;

    /** Of a Java stack, of a class, of the database. */
    private static final Pattern INTERNALS =
            Pattern.compile("Exception|\\bat \\w+\\.\\w|\\b(?:org|com|io|java|jakarta)\\.\\w+\\.|select |insert ");

    /** Where the document has no such call. */
    private static final Set<String> WITHOUT_CALL =
            Set.of("malformed", "not-found", "method-not-allowed", "not-acceptable", "media-type");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI service;
    private final ApiDocument document;
    private final MalformedRequests requests;

    /** @param token an access token, so that a request comes as far as its form */
    public RefusedRequests(URI service, ApiDocument document, String token) {
        this.service = service;
        this.document = document;
        this.requests = new MalformedRequests(document, token, SEED);
    }

    /** Fails with the requests that are answered in another way, and if the heap grows by them. */
    public void require() {
        Map<String, Integer> rules = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        long heapAfterWarmUp = 0;

        for (int from = 0; from < REQUESTS && faults.size() < MOST_FAULTS; from += AT_ONCE) {
            List<CompletableFuture<Optional<String>>> running = new ArrayList<>();
            for (int number = from; number < Math.min(from + AT_ONCE, REQUESTS); number++) {
                Malformed request = requests.request(number);
                rules.merge(request.rule(), 1, Integer::sum);
                running.add(fault(number, request));
            }
            running.forEach(fault -> fault.join().ifPresent(faults::add));
            if (from == WARM_UP) {
                heapAfterWarmUp = usedHeap();
            }
        }

        String name = "seed " + SEED + ", " + REQUESTS + " requests by rule: " + rules;
        assertEquals(List.of(), faults, name);
        long grown = usedHeap() - heapAfterWarmUp;
        assertTrue(grown < MOST_GROWTH_BYTES, name + ": the heap grew by " + grown + " bytes");
    }

    /** Sends one request. @return what is wrong with the answer, and all that the next look needs */
    private CompletableFuture<Optional<String>> fault(int number, Malformed request) {
        HttpRequest.Builder call = HttpRequest.newBuilder(service.resolve(request.path()))
                .method(
                        request.method(),
                        request.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(call::header);
        return http.sendAsync(call.build(), BodyHandlers.ofString())
                .thenApply(answer -> fault(request, answer)
                        .map(fault -> "request " + number + " (" + request.rule() + ") " + request.method() + " "
                                + start(request.path()) + " "
                                + request.headers().get("Content-Type") + " " + start(text(request)) + " was answered "
                                + answer.statusCode() + " " + start(answer.body()) + ": " + fault));
    }

    private Optional<String> fault(Malformed request, HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (status < 400 || status > 499) {
            return Optional.of("not a refusal");
        }
        String mediaType = answer.headers().firstValue("Content-Type").orElse("");
        if (!mediaType.split(";")[0].equals("application/problem+json")) {
            return Optional.of("not problem+json");
        }
        if (INTERNALS.matcher(answer.body()).find()) {
            return Optional.of("tells of internals");
        }
        try {
            return fault(request, answer, JSON.readTree(answer.body()));
        } catch (IOException notJson) {
            return Optional.of("not JSON");
        }
    }

    private Optional<String> fault(Malformed request, HttpResponse<String> answer, JsonNode problem) {
        String type = problem.path("type").asText();
        if (answer.statusCode() == 429
                || answer.statusCode() == 401 && !request.rule().equals("authorization")) {
            return Optional.of("refused for another reason than what it breaks");
        }
        if (problem.path("status").asInt() != answer.statusCode()) {
            return Optional.of("its status is another one");
        }
        Optional<Call> call =
                document.call(answer.request().method(), answer.request().uri());
        boolean listed = call.isPresent()
                ? document.problems(call.get(), answer.statusCode()).contains(type)
                : WITHOUT_CALL.contains(type.replace("urn:mp2p:problem:", ""));
        return listed ? Optional.empty() : Optional.of("the document does not list it");
    }

    private static long usedHeap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String text(Malformed request) {
        return request.body() == null ? "" : new String(request.body());
    }

    private static String start(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}
