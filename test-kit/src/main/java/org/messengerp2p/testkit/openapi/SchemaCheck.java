package org.messengerp2p.testkit.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Checks JSON against a schema, as far as the keywords go that our documents use. */
final class SchemaCheck {
    private final ApiDocument document;
    private final List<String> faults = new ArrayList<>();

    private SchemaCheck(ApiDocument document) {
        this.document = document;
    }

    /** What is wrong, by place; empty if it fits. */
    static List<String> faults(ApiDocument document, JsonNode schema, JsonNode value) {
        SchemaCheck check = new SchemaCheck(document);
        check.check("", schema, value);
        return check.faults;
    }

    private void check(String place, JsonNode reference, JsonNode value) {
        JsonNode schema = document.resolve(reference);
        checkChoice(place, schema, value);
        if (schema.has("const") && !schema.path("const").equals(value)) {
            faults.add(place + " is not " + schema.path("const"));
        }
        require(
                !schema.has("enum") || isAmong(schema.path("enum"), value),
                place + " is none of " + schema.path("enum"));
        String type = schema.path("type").asText("any");
        if (!isOf(type, value)) {
            faults.add(place + " is no " + type);
            return;
        }
        switch (type) {
            case "object" -> checkObject(place, schema, value);
            case "array" -> checkArray(place, schema, value);
            case "string" -> checkString(place, schema, value);
            case "integer" -> checkRange(place, schema, "minimum", "maximum", value.decimalValue());
            default -> {}
        }
    }

    private static boolean isAmong(JsonNode values, JsonNode value) {
        for (JsonNode known : values) {
            if (known.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "any" -> true;
            default -> throw new IllegalArgumentException("this check does not know " + type);
        };
    }

    private void checkChoice(String place, JsonNode schema, JsonNode value) {
        for (String choice : List.of("oneOf", "anyOf")) {
            long fitting = 0;
            for (JsonNode form : schema.path(choice)) {
                fitting += faults(document, form, value).isEmpty() ? 1 : 0;
            }
            require(
                    !schema.has(choice) || fitting == 1 || fitting > 1 && choice.equals("anyOf"),
                    place + " fits " + fitting + " of " + choice);
        }
    }

    private void checkObject(String place, JsonNode schema, JsonNode value) {
        for (JsonNode name : schema.path("required")) {
            require(value.has(name.asText()), place + "/" + name.asText() + " is missing");
        }
        JsonNode members = schema.path("properties");
        value.properties().forEach(member -> {
            if (members.has(member.getKey())) {
                check(place + "/" + member.getKey(), members.path(member.getKey()), member.getValue());
            } else {
                // A schema without members leaves them open.
                require(members.isMissingNode(), place + "/" + member.getKey() + " is not in the document");
            }
        });
    }

    private void checkArray(String place, JsonNode schema, JsonNode value) {
        checkRange(place, schema, "minItems", "maxItems", BigDecimal.valueOf(value.size()));
        for (int i = 0; i < value.size(); i++) {
            check(place + "/" + i, schema.path("items"), value.get(i));
        }
    }

    private void checkString(String place, JsonNode schema, JsonNode value) {
        checkRange(
                place,
                schema,
                "minLength",
                "maxLength",
                BigDecimal.valueOf(value.asText().length()));
        require(
                !schema.has("pattern")
                        || Pattern.compile(schema.path("pattern").asText())
                                .matcher(value.asText())
                                .find(),
                place + " does not match its pattern");
    }

    private void checkRange(String place, JsonNode schema, String least, String most, BigDecimal value) {
        require(
                !(schema.has(least) && value.compareTo(schema.path(least).decimalValue()) < 0)
                        && !(schema.has(most)
                                && value.compareTo(schema.path(most).decimalValue()) > 0),
                place + " is out of range: " + value);
    }

    private void require(boolean right, String fault) {
        if (!right) {
            faults.add(fault);
        }
    }
}
