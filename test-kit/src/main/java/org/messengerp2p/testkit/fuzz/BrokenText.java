package org.messengerp2p.testkit.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Text that is no JSON object, or none that one reads in one way. */
final class BrokenText {
    private BrokenText() {}

    /** @param right a JSON object with at least one member */
    static byte[] of(String right, Values values, Random random) {
        int at = 1 + random.nextInt(right.length() - 1);
        return switch (random.nextInt(17)) {
            case 0 -> utf8(right.substring(0, at));
            case 1 -> utf8(right + right);
            case 2 -> utf8(right + values.letters(3));
            case 3 -> utf8("[" + right + "]");
            case 4 -> utf8("");
            case 5 -> utf8("null");
            case 6 -> utf8("\"" + values.letters(20) + "\"");
            case 7 -> utf8(Long.toString(random.nextLong()));
            case 8 -> utf8("[".repeat(1 + random.nextInt(100_000)));
            case 9 -> utf8("{\"a\":".repeat(1 + random.nextInt(20_000)));
            case 10 -> utf8(right.replaceFirst("\\{", "{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + ","));
            case 11 -> twice(right);
            case 12 -> utf8(right.replace('"', '\''));
            case 13 -> utf8(right.replaceFirst(":", ": /* comment */ "));
            case 14 -> utf8(right.replaceFirst(":\\s*[^,}]+", ":NaN"));
            case 15 -> withByte(right, at, random);
            default -> right.getBytes(StandardCharsets.UTF_16);
        };
    }

    /** Its first member once more, with another value. */
    private static byte[] twice(String right) {
        String name = right.substring(1, right.indexOf(':'));
        return utf8(right.substring(0, right.length() - 1) + "," + name + ":1}");
    }

    /** A byte that begins nothing in UTF-8, or a control character, which JSON has nowhere. */
    private static byte[] withByte(String right, int at, Random random) {
        byte[] bytes = utf8(right);
        ByteArrayOutputStream changed = new ByteArrayOutputStream(bytes.length + 1);
        changed.write(bytes, 0, at);
        changed.write(random.nextBoolean() ? 0xC0 + random.nextInt(2) : random.nextInt(9));
        changed.write(bytes, at, bytes.length - at);
        return changed.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
