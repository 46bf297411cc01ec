package org.messengerp2p.testkit.openapi;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.messengerp2p.kit.problem.ProblemResponse;
import org.messengerp2p.kit.problem.ProblemType;

/**
 * The refusals that a document names: one schema for each problem type, so that a reader sees which members come with
 * which, and one answer for each set of types that some call gives with one status.
 */
final class Problems {
    private final Map<String, Map<String, Schema>> members;
    private final Map<String, Schema> schemas = new TreeMap<>();
    private final Map<String, APIResponse> answers = new TreeMap<>();

    /** @param members what may stand beside the members of RFC 9457, by slug and name */
    Problems(Map<String, Map<String, Schema>> members) {
        this.members = members;
    }

    /** @param types of one status */
    APIResponse reference(List<ProblemType> types) {
        String name = types.stream().map(Problems::name).sorted().collect(Collectors.joining("Or"));
        answers.computeIfAbsent(name, unused -> answer(types));
        return OASFactory.createAPIResponse().ref("#/components/responses/" + name);
    }

    Map<String, Schema> schemas() {
        return schemas;
    }

    Map<String, APIResponse> answers() {
        return answers;
    }

    private APIResponse answer(List<ProblemType> types) {
        List<Schema> forms = types.stream().map(this::reference).toList();
        APIResponse answer = OASFactory.createAPIResponse()
                .description(types.stream().map(ProblemType::slug).sorted().collect(Collectors.joining(", ")))
                .content(OASFactory.createContent()
                        .addMediaType(
                                ProblemResponse.MEDIA_TYPE,
                                OASFactory.createMediaType()
                                        .schema(
                                                forms.size() == 1
                                                        ? forms.get(0)
                                                        : OASFactory.createSchema()
                                                                .oneOf(forms))));
        int status = types.get(0).status();
        if (status == 401) {
            addHeader(answer, "WWW-Authenticate", SchemaType.STRING, "Bearer (RFC 9110 §15.5.2)");
        }
        if (status == 429 || status == 503) {
            addHeader(answer, "Retry-After", SchemaType.INTEGER, "Seconds to wait");
        }
        return answer;
    }

    private static void addHeader(APIResponse answer, String name, SchemaType type, String description) {
        answer.addHeader(
                name,
                OASFactory.createHeader()
                        .description(description)
                        .required(true)
                        .schema(OASFactory.createSchema().addType(type)));
    }

    private Schema reference(ProblemType type) {
        String name = name(type) + "Problem";
        schemas.computeIfAbsent(name, unused -> schema(type));
        return OASFactory.createSchema().ref("#/components/schemas/" + name);
    }

    private Schema schema(ProblemType type) {
        Schema schema = OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .required(List.of("type", "title", "status", "detail"))
                .addProperty("type", constant(SchemaType.STRING, type.urn()))
                .addProperty("title", constant(SchemaType.STRING, type.slug().replace('-', ' ')))
                .addProperty("status", constant(SchemaType.INTEGER, type.status()))
                .addProperty("detail", OASFactory.createSchema().addType(SchemaType.STRING));
        members.getOrDefault(type.slug(), Map.of()).forEach(schema::addProperty);
        return schema;
    }

    private static Schema constant(SchemaType type, Object value) {
        return OASFactory.createSchema().addType(type).constValue(value);
    }

    private static String name(ProblemType type) {
        StringBuilder name = new StringBuilder();
        for (String word : type.slug().split("-")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }
}
