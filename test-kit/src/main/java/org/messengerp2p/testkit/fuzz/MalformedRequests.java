package org.messengerp2p.testkit.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.messengerp2p.testkit.openapi.ApiDocument;
import org.messengerp2p.testkit.openapi.ApiDocument.Call;

/** Requests of which each breaks one rule of the document or of HTTP, each made of the seed and its number alone. */
final class MalformedRequests {
    private static final String JSON = "application/json";
    private static final List<String> METHODS = List.of("DELETE", "PATCH", "PUT", "POST", "GET", "FOO", "PROPFIND");
    private static final List<String> MEDIA_TYPES = List.of(
            "text/plain",
            "application/xml",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "application/octet-stream",
            "json",
            "/",
            "application/",
            "*/json; =",
            ";;;",
            "é");
    private static final List<String> ACCEPTED =
            List.of("text/html", "application/xml;q=0.9", "image/*", "json", "/", ";;", "application/json;q=x");
    private static final List<String> AUTHORIZATIONS = List.of(
            "Bearer",
            "Bearer ",
            "Bearer x",
            "Bearer ..",
            "Bearer a.b.c",
            "Bearer eyJhbGciOiJub25lIn0.e30.",
            "Basic dXNlcjpwYXNz",
            "Negotiate x",
            "é");
    private static final List<String> JUNK = List.of(
            "",
            "-1",
            "0x10",
            "1.5",
            "99999999999999999999",
            "null",
            "true",
            "[]",
            "{}",
            "'; drop table account; --",
            "../../etc/passwd",
            "\0",
            "\n",
            "%",
            "a b",
            "é",
            "😀",
            "<script>",
            "${jndi:ldap://localhost/x}");

    private final ApiDocument document;
    private final String token;
    private final long seed;

    /** @param token an access token, so that a request comes as far as its form */
    MalformedRequests(ApiDocument document, String token, long seed) {
        this.document = document;
        this.token = token;
        this.seed = seed;
    }

    /**
     * A request.
     *
     * @param rule what it breaks
     */
    record Malformed(String rule, String method, String path, Map<String, String> headers, byte[] body) {
        Malformed header(String rule, String name, String value) {
            Map<String, String> changed = new LinkedHashMap<>(headers);
            changed.put(name, value);
            return new Malformed(rule, method, path, changed, body);
        }

        Malformed body(String rule, byte[] bytes) {
            return new Malformed(rule, method, path, headers, bytes);
        }
    }

    Malformed request(int number) {
        Random random = new Random(seed * 1_000_003 + number);
        Values values = new Values(document, random);
        Call call = one(random, document.calls());
        Malformed right = fitting(call, values);
        for (int tries = 0; tries < 1_000; tries++) {
            Malformed broken = broken(call, right, values, random);
            if (broken != null) {
                return broken;
            }
        }
        throw new IllegalStateException("nothing of " + call.name() + " can be broken");
    }

    /** @return null if the call has nothing of the kind that came up */
    private Malformed broken(Call call, Malformed right, Values values, Random random) {
        boolean hasBody = document.body(call).isPresent();
        return switch (random.nextInt(20)) {
            case 0 -> otherMethod(call, right, random);
            case 1 ->
                needsToken(call) ? right.header("authorization", "Authorization", one(random, AUTHORIZATIONS)) : null;
            case 2, 3, 4 -> brokenParameter(call, right, values, random);
            case 5 ->
                new Malformed(
                        "path",
                        right.method(),
                        right.path() + "/" + encoded(one(random, JUNK)) + "x",
                        right.headers(),
                        right.body());
            case 6 -> hasBody ? right.header("media type", "Content-Type", one(random, MEDIA_TYPES)) : null;
            case 7 ->
                hasBody
                        ? right.header("accept", "Accept", one(random, ACCEPTED))
                                .body("accept and text", BrokenText.of(text(right), values, random))
                        : null;
            case 8, 9, 10, 11 -> hasBody ? right.body("text", BrokenText.of(text(right), values, random)) : null;
            default -> hasBody ? brokenBody(call, right, values) : null;
        };
    }

    private Malformed brokenBody(Call call, Malformed right, Values values) {
        JsonNode broken = values.broken(document.body(call).orElseThrow());
        return right.body("schema", broken.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Malformed otherMethod(Call call, Malformed right, Random random) {
        String method = one(random, METHODS);
        boolean known = document.calls().stream()
                .anyMatch(other ->
                        other.path().equals(call.path()) && other.method().equals(method));
        return known ? null : new Malformed("method", method, right.path(), right.headers(), right.body());
    }

    private Malformed brokenParameter(Call call, Malformed right, Values values, Random random) {
        List<JsonNode> parameters = new ArrayList<>();
        call.operation().path("parameters").forEach(parameters::add);
        if (parameters.isEmpty()) {
            return null;
        }
        JsonNode parameter = one(random, parameters);
        JsonNode schema = document.resolve(parameter.path("schema"));
        JsonNode form = schema.has("items") ? document.resolve(schema.path("items")) : schema;
        String value =
                random.nextBoolean() ? one(random, JUNK) : values.broken(form).asText();
        // An empty value of a query is none.
        if (fits(form, value) || value.isEmpty() && !parameter.path("required").asBoolean()) {
            return null;
        }
        boolean missing = parameter.path("required").asBoolean() && random.nextInt(8) == 0;
        Map<String, String> given = new LinkedHashMap<>();
        given.put(parameter.path("name").asText(), missing && isQuery(parameter) ? null : value);
        return new Malformed("parameter", right.method(), path(call, values, given), right.headers(), right.body());
    }

    /** As text: a number without a sign or a fraction fits what is an integer. */
    private boolean fits(JsonNode form, String value) {
        if (form.path("type").asText().equals("integer")) {
            return value.matches("\\d+")
                    && document.faults(form, JsonNodeFactory.instance.numberNode(new BigInteger(value)))
                            .isEmpty();
        }
        return document.faults(form, JsonNodeFactory.instance.textNode(value)).isEmpty();
    }

    private Malformed fitting(Call call, Values values) {
        Map<String, String> headers = new LinkedHashMap<>();
        byte[] body = null;
        if (document.body(call).isPresent()) {
            headers.put("Content-Type", JSON);
            body = values.fitting(document.body(call).get()).toString().getBytes(StandardCharsets.UTF_8);
        }
        if (needsToken(call)) {
            headers.put("Authorization", "Bearer " + token);
        }
        return new Malformed("", call.method(), path(call, values, Map.of()), headers, body);
    }

    private String path(Call call, Values values, Map<String, String> given) {
        String path = call.path();
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : call.operation().path("parameters")) {
            String name = parameter.path("name").asText();
            JsonNode form = document.resolve(parameter.path("schema"));
            String value = given.containsKey(name)
                    ? given.get(name)
                    : values.fitting(form.has("items") ? form.path("items") : form)
                            .asText();
            if (!isQuery(parameter)) {
                path = path.replace("{" + name + "}", encoded(value));
            } else if (value != null) {
                query.append(query.isEmpty() ? "?" : "&")
                        .append(name)
                        .append("=")
                        .append(encoded(value));
            }
        }
        return path + query;
    }

    private static boolean isQuery(JsonNode parameter) {
        return parameter.path("in").asText().equals("query");
    }

    private static boolean needsToken(Call call) {
        return !call.operation().path("security").isEmpty();
    }

    private static String text(Malformed request) {
        return new String(request.body(), StandardCharsets.UTF_8);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static <T> T one(Random random, List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
