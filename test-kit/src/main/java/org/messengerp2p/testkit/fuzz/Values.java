package org.messengerp2p.testkit.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.messengerp2p.testkit.openapi.ApiDocument;

/** JSON by the schemas of a document: values that fit, and values that fit but for one place. */
final class Values {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern REPEATED = Pattern.compile("\\[[^]]+](?:\\{(\\d+)(?:,(\\d+))?}|\\+)");
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final String[] NOT_BASE64URL = {
        "=", "+", "/", " ", "\n", "\0", "é", "😀", "\"", "\\", ".", "%", "\uD800"
    };

    private final ApiDocument document;
    private final Random random;

    Values(ApiDocument document, Random random) {
        this.document = document;
        this.random = random;
    }

    JsonNode fitting(JsonNode reference) {
        JsonNode schema = form(reference);
        if (schema.has("const")) {
            return schema.path("const");
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema);
            case "array" -> array(schema, Math.max(1, schema.path("minItems").asInt(1)));
            case "integer" -> JSON.numberNode(within(schema));
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            default -> JSON.textNode(text(schema));
        };
    }

    /** Does not fit the schema, by one place of it. */
    JsonNode broken(JsonNode reference) {
        JsonNode schema = form(reference);
        for (int tries = 0; tries < 100; tries++) {
            JsonNode value = random.nextInt(4) == 0 ? ofAnotherType() : brokenWithin(schema);
            if (!document.faults(schema, value).isEmpty()) {
                return value;
            }
        }
        throw new IllegalStateException("everything fits " + schema);
    }

    private JsonNode brokenWithin(JsonNode schema) {
        return switch (schema.path("type").asText()) {
            case "object" -> brokenObject(schema);
            case "array" -> brokenArray(schema);
            case "integer" -> brokenNumber(schema);
            case "boolean" -> JSON.textNode("true");
            default -> JSON.textNode(brokenText(schema));
        };
    }

    private JsonNode brokenObject(JsonNode schema) {
        ObjectNode value = object(schema);
        List<String> names = new ArrayList<>();
        value.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(6)) {
            case 0 -> value.remove(name);
            case 1 -> value.putNull(name);
            case 2 -> value.set(name.toUpperCase(Locale.ROOT), value.remove(name));
            default -> value.set(name, broken(schema.path("properties").path(name)));
        }
        return value;
    }

    private JsonNode brokenArray(JsonNode schema) {
        int most = schema.path("maxItems").asInt(100);
        return switch (random.nextInt(5)) {
            case 0 -> array(schema, 0);
            case 1 -> array(schema, most + 1 + random.nextInt(3));
            case 2 -> array(schema, 2).addNull();
            case 3 -> JSON.arrayNode().add(array(schema, 1));
            default -> array(schema, random.nextInt(3)).add(broken(schema.path("items")));
        };
    }

    private JsonNode brokenNumber(JsonNode schema) {
        long least = schema.path("minimum").asLong(0);
        long most = schema.path("maximum").asLong(Long.MAX_VALUE - 10);
        return switch (random.nextInt(9)) {
            case 0 -> JSON.numberNode(least - 1);
            case 1 -> JSON.numberNode(most + 1);
            case 2 -> JSON.numberNode(-Math.abs(random.nextLong()));
            case 3 -> JSON.numberNode(BigInteger.TWO.pow(random.nextInt(1, 4_000)));
            case 4 -> JSON.numberNode(new BigDecimal("1e" + random.nextInt(20, 4_000)));
            case 5 -> JSON.numberNode(within(schema) + 0.5);
            case 6 -> JSON.textNode(Long.toString(within(schema)));
            case 7 -> JSON.textNode("");
            default -> JSON.numberNode(1L << 32 | random.nextInt(0, Integer.MAX_VALUE));
        };
    }

    private String brokenText(JsonNode schema) {
        String right = text(schema);
        int at = random.nextInt(right.length() + 1);
        return switch (random.nextInt(7)) {
            case 0 -> right.substring(0, Math.min(at, right.length() - 1));
            case 1 -> right + right;
            case 2 ->
                right.substring(0, at) + NOT_BASE64URL[random.nextInt(NOT_BASE64URL.length)] + right.substring(at);
            case 3 -> right + "=";
            case 4 -> right + letters(1 + random.nextInt(3));
            case 5 -> "";
            default -> right.repeat(1 + random.nextInt(200)) + "!";
        };
    }

    private JsonNode ofAnotherType() {
        return switch (random.nextInt(8)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(random.nextLong());
            case 3 -> JSON.numberNode(random.nextGaussian());
            case 4 -> JSON.textNode(letters(random.nextInt(60)));
            case 5 -> JSON.arrayNode().add(random.nextInt(256)).add(random.nextInt(256));
            case 6 -> JSON.objectNode().put("value", letters(43));
            default -> JSON.arrayNode();
        };
    }

    private ObjectNode object(JsonNode schema) {
        ObjectNode value = JSON.objectNode();
        schema.path("properties")
                .properties()
                .forEach(member -> value.set(member.getKey(), fitting(member.getValue())));
        return value;
    }

    private ArrayNode array(JsonNode schema, int size) {
        ArrayNode value = JSON.arrayNode(size);
        for (int i = 0; i < size; i++) {
            value.add(fitting(schema.path("items")));
        }
        return value;
    }

    private long within(JsonNode schema) {
        long least = schema.path("minimum").asLong(0);
        long most = schema.path("maximum").asLong(Long.MAX_VALUE);
        return random.nextLong(least, Math.min(most, Long.MAX_VALUE - 1) + 1);
    }

    /** As long as the pattern or the bounds say; bytes as base64url are the bytes of some length. */
    private String text(JsonNode schema) {
        Matcher repeated = REPEATED.matcher(schema.path("pattern").asText());
        int length = Math.max(3, schema.path("minLength").asInt(3));
        if (repeated.find() && repeated.group(1) != null) {
            length = Integer.parseInt(repeated.group(1));
        }
        return schema.path("format").asText().equals("base64url") ? base64url(length) : letters(length);
    }

    private String base64url(int letters) {
        byte[] bytes = new byte[letters * 3 / 4];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String letters(int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /** Past a reference, and of several forms the first; of a value that may be null that is the other one. */
    private JsonNode form(JsonNode reference) {
        JsonNode schema = document.resolve(reference);
        for (String choice : List.of("anyOf", "oneOf")) {
            if (schema.has(choice)) {
                return form(schema.path(choice).get(0));
            }
        }
        return schema;
    }
}
