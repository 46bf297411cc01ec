package org.messengerp2p.testkit.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.messengerp2p.kit.http.OpenApiDocument;

/** The OpenAPI document of a service, as tests read it. */
public final class ApiDocument {
    private final JsonNode root;
    private final List<Call> calls = new ArrayList<>();

    private ApiDocument(JsonNode root) {
        this.root = root;
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> calls.add(
                                new Call(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
    }

    /** What the document refers to and does not have. */
    List<String> missing() {
        return root.findValuesAsText("$ref").stream()
                .filter(reference -> root.at(reference.substring(1)).isMissingNode())
                .distinct()
                .toList();
    }

    /** The checked-in document of a service whose classes are on the path. */
    public static ApiDocument of(String service) {
        return read(new String(OpenApiDocument.of(service), StandardCharsets.UTF_8));
    }

    static ApiDocument read(String json) {
        try {
            return new ApiDocument(new ObjectMapper().readTree(json));
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    /**
     * One operation.
     *
     * @param path the template, with parameters in braces
     */
    public record Call(String method, String path, JsonNode operation) {
        /** Method and path, as the documents of the protocol name it. */
        public String name() {
            return method + " " + path;
        }

        boolean matches(String otherMethod, URI uri) {
            // A HEAD is a GET without its body.
            String asked = otherMethod.equals("HEAD") ? "GET" : otherMethod;
            return method.equals(asked) && Pattern.matches(path.replaceAll("\\{[^}]+}", "[^/]+"), uri.getRawPath());
        }
    }

    /** In the order of the document. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public Optional<Call> call(String method, URI uri) {
        return calls.stream().filter(call -> call.matches(method, uri)).findFirst();
    }

    /** The schema of a call's body, resolved; empty if it takes none. */
    public Optional<JsonNode> body(Call call) {
        JsonNode schema = call.operation().at("/requestBody/content/application~1json/schema");
        return schema.isMissingNode() ? Optional.empty() : Optional.of(resolve(schema));
    }

    /** What a call answers with a status; a missing node if the document has none. */
    public JsonNode answer(Call call, int status) {
        return resolve(call.operation().path("responses").path(Integer.toString(status)));
    }

    /** The problem types, as URNs, that a call lists for a status. */
    public Set<String> problems(Call call, int status) {
        JsonNode schema = resolve(answer(call, status).at("/content/application~1problem+json/schema"));
        Set<String> types = new TreeSet<>();
        Iterable<JsonNode> forms = schema.has("oneOf") ? schema.path("oneOf") : List.of(schema);
        for (JsonNode form : forms) {
            types.add(resolve(form).at("/properties/type/const").asText());
        }
        return types;
    }

    /** What of a value does not fit a schema, by place; empty if it fits. */
    public List<String> faults(JsonNode schema, JsonNode value) {
        return SchemaCheck.faults(this, schema, value);
    }

    /** The node, or what it refers to. */
    public JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(root.at(node.path("$ref").asText().substring(1))) : node;
    }
}
