package org.messengerp2p.kit.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.Base64;

/**
 * Reads bytes in their only form: base64url of RFC 4648 §5 without padding, and nothing in it that stands for no byte. So
 * two texts are never the same bytes.
 */
final class WireBytes extends StdScalarDeserializer<byte[]> {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    WireBytes() {
        super(byte[].class);
    }

    @Override
    public byte[] deserialize(JsonParser json, DeserializationContext context) throws IOException {
        if (!json.hasToken(JsonToken.VALUE_STRING)) {
            return (byte[]) context.handleUnexpectedToken(byte[].class, json);
        }
        String text = json.getText();
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (!text.endsWith("=") && !hasSpareBits(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64url) {
            // As below; the text itself may be a secret.
        }
        throw context.weirdStringException("…", byte[].class, "not base64url without padding");
    }

    /** Whether the last letter says more than the last byte holds. */
    private static boolean hasSpareBits(String text) {
        int rest = text.length() % 4;
        if (rest == 0) {
            return false;
        }
        int last = ALPHABET.indexOf(text.charAt(text.length() - 1));
        return (last & (rest == 2 ? 0b1111 : 0b11)) != 0;
    }
}
