package org.messengerp2p.testkit.openapi;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Nullable;
import jakarta.annotation.security.RolesAllowed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.DotName;
import org.jboss.jandex.FieldInfo;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemType;

/**
 * Completes a service's document by what its code says elsewhere: the tokens that {@code @RolesAllowed} takes, and the
 * refusals, those that a call names and those that its form implies.
 */
public abstract class ServiceApi implements OASFilter {
    private static final DotName OPERATION =
            DotName.createSimple("org.eclipse.microprofile.openapi.annotations.Operation");
    private static final DotName ROLES = DotName.createSimple(RolesAllowed.class.getName());
    private static final DotName SCHEMA =
            DotName.createSimple("org.eclipse.microprofile.openapi.annotations.media.Schema");
    private static final DotName NULLABLE = DotName.createSimple(Nullable.class.getName());
    private static final DotName RESPONSE_STATUS = DotName.createSimple(ResponseStatus.class.getName());
    private static final Map<String, String> SUCCESSES = Map.of("200", "OK", "201", "Created", "204", "No Content");
    private static final DotName UNI = DotName.createSimple(Uni.class.getName());
    private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();
    private static final String BYTES = "^[A-Za-z0-9_-]*$";

    private final IndexView index;
    private final DotName refuses;
    private final Map<String, String> schemes;
    private final Map<String, MethodInfo> methods = new TreeMap<>();
    private final Set<String> nullable = new HashSet<>();

    /**
     * @param refuses the service's annotation whose values are the problem types that a call names
     * @param schemes the document's security scheme of each role, in the order in which they are listed
     */
    protected ServiceApi(IndexView index, String refuses, Map<String, String> schemes) {
        this.index = index;
        this.refuses = DotName.createSimple(refuses);
        this.schemes = schemes;
        for (AnnotationInstance operation : index.getAnnotations(OPERATION)) {
            methods.put(
                    operation.value("operationId").asString(),
                    operation.target().asMethod());
        }
        for (AnnotationInstance annotation : index.getAnnotations(NULLABLE)) {
            if (annotation.target().kind() == AnnotationTarget.Kind.FIELD) {
                nullable.add(memberName(annotation.target().asField()));
            }
        }
    }

    /** Members beside those of RFC 9457, by slug and name. */
    protected abstract Map<String, Map<String, Schema>> members();

    /** Whether a token of a device that is not listed any more is told so by this call. */
    protected abstract boolean asksForLiveDevice(MethodInfo method);

    @Override
    public void filterOpenAPI(OpenAPI api) {
        Problems problems = new Problems(members());
        api.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().values().forEach(operation -> {
                    MethodInfo method = methods.get(operation.getOperationId());
                    if (method == null || item.getGET() == operation && operation.getRequestBody() != null) {
                        throw new IllegalStateException(
                                path
                                        + " needs @Operation with operationId and summary, and @Context before what is no body");
                    }
                    complete(operation, method, problems);
                }));
        api.getComponents().getSchemas().forEach(this::complete);
        problems.schemas().forEach(api.getComponents()::addSchema);
        problems.answers().forEach(api.getComponents()::addResponse);
    }

    private void complete(Operation operation, MethodInfo method, Problems problems) {
        List<String> roles = roles(method);
        operation.setSecurity(schemes.keySet().stream()
                .filter(roles::contains)
                .map(role -> OASFactory.createSecurityRequirement().addScheme(schemes.get(role)))
                .toList());
        APIResponses answers = OASFactory.createAPIResponses();
        operation.getResponses().getAPIResponses().forEach((status, answer) -> {
            if (status.startsWith("2")) {
                String given = success(method).orElse(status);
                answers.addAPIResponse(given, answer.description(SUCCESSES.get(given)));
            }
        });
        Map<Integer, List<ProblemType>> byStatus = new TreeMap<>();
        for (ProblemType type : refusals(operation, method, roles)) {
            byStatus.computeIfAbsent(type.status(), unused -> new ArrayList<>()).add(type);
        }
        byStatus.forEach((status, types) -> answers.addAPIResponse(status.toString(), problems.reference(types)));
        operation.setResponses(answers);
        if (operation.getRequestBody() != null) {
            operation.getRequestBody().setRequired(true);
        }
    }

    private Set<ProblemType> refusals(Operation operation, MethodInfo method, List<String> roles) {
        Set<ProblemType> refusals = new LinkedHashSet<>(List.of(CommonProblem.NOT_ACCEPTABLE, CommonProblem.DEFECT));
        // What answers at once asks no database.
        if (method.returnType().name().equals(UNI)) {
            refusals.add(CommonProblem.UNAVAILABLE);
        }
        if (operation.getRequestBody() != null) {
            refusals.addAll(List.of(CommonProblem.MALFORMED, CommonProblem.TOO_LARGE, CommonProblem.MEDIA_TYPE));
        }
        if (!roles.isEmpty()) {
            refusals.add(CommonProblem.TOKEN_INVALID);
            if (asksForLiveDevice(method)) {
                refusals.add(CommonProblem.DEVICE_REVOKED);
            }
            if (schemes.containsKey(Audience.AUTH_PENDING) && !roles.contains(Audience.AUTH_PENDING)) {
                refusals.add(CommonProblem.PENDING_TOKEN);
            }
            if (schemes.containsKey(Audience.AUTH_REVOKED) && !roles.contains(Audience.AUTH_REVOKED)) {
                refusals.add(CommonProblem.FORBIDDEN);
            }
        }
        named(method).forEach(refusals::add);
        return refusals;
    }

    private Stream<ProblemType> named(MethodInfo method) {
        AnnotationInstance annotation = method.annotation(refuses);
        return annotation == null
                ? Stream.empty()
                : annotation.values().stream()
                        .map(AnnotationValue::asArrayList)
                        .flatMap(List::stream)
                        .map(this::problem);
    }

    private ProblemType problem(AnnotationValue constant) {
        try {
            Class<?> type = Class.forName(
                    constant.asEnumType().toString(), true, getClass().getClassLoader());
            return (ProblemType) Arrays.stream(type.getEnumConstants())
                    .filter(known -> ((Enum<?>) known).name().equals(constant.asEnum()))
                    .findFirst()
                    .orElseThrow();
        } catch (ClassNotFoundException notOnThePath) {
            throw new IllegalStateException(notOnThePath);
        }
    }

    private List<String> roles(MethodInfo method) {
        AnnotationInstance annotation = method.annotation(ROLES);
        if (annotation == null) {
            annotation = index.getClassByName(method.declaringClass().name()).declaredAnnotation(ROLES);
        }
        return annotation == null ? List.of() : List.of(annotation.value().asStringArray());
    }

    private static Optional<String> success(MethodInfo method) {
        if (method.returnType().toString().endsWith("<java.lang.Void>")) {
            return Optional.of("204");
        }
        return Optional.ofNullable(method.annotation(RESPONSE_STATUS))
                .map(annotation -> annotation.value().asInt())
                .map(String::valueOf);
    }

    /** Every member is there but those that are {@code @Nullable}; bytes are base64url. */
    private void complete(String name, Schema schema) {
        if (schema.getProperties() == null) {
            return;
        }
        List<String> needed = new ArrayList<>();
        Map<String, Schema> members = new LinkedHashMap<>();
        schema.getProperties().forEach((member, form) -> {
            asBase64url(form);
            if (nullable.contains(name + "." + member)) {
                members.put(member, orNull(form));
            } else {
                members.put(member, form);
                needed.add(member);
            }
        });
        schema.properties(members);
        if (schema.getRequired() == null) {
            schema.setRequired(needed);
        }
    }

    private static Schema orNull(Schema form) {
        return OASFactory.createSchema()
                .anyOf(List.of(form, OASFactory.createSchema().addType(SchemaType.NULL)));
    }

    private static void asBase64url(Schema schema) {
        if ("binary".equals(schema.getFormat()) || "byte".equals(schema.getFormat())) {
            schema.format("base64url").pattern(BYTES);
        }
        if (schema.getItems() != null) {
            asBase64url(schema.getItems());
        }
    }

    private static String memberName(FieldInfo field) {
        String schema = field.declaringClass().simpleName();
        AnnotationInstance named = field.declaringClass().declaredAnnotation(SCHEMA);
        if (named != null && named.value("name") != null) {
            schema = named.value("name").asString();
        }
        return schema + "." + SNAKE_CASE.translate(field.name());
    }
}
