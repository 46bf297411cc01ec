package org.messengerp2p.auth.account;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A user name in its only form, lower case (MP2P/1 §2). {@link #toString()} tells nothing, so that no log line can. */
@Schema(
        type = SchemaType.STRING,
        pattern = "^[A-Za-z0-9._-]{3,32}$",
        description = "A user name; A-Z are taken as a-z (MP2P/1 §2)")
public record Username(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9._-]{3,32}");

    public Username {
        if (value == null || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a user name is 3 to 32 of a-z 0-9 . _ -");
        }
    }

    /** Takes a name as a person writes it. Only ASCII letters are lowered: a Kelvin sign is no k. */
    @JsonCreator
    public static Username parse(String written) {
        if (written == null) {
            throw new IllegalArgumentException("a user name is missing");
        }
        StringBuilder lowered = new StringBuilder(written.length());
        for (char letter : written.toCharArray()) {
            lowered.append(letter >= 'A' && letter <= 'Z' ? (char) (letter + ('a' - 'A')) : letter);
        }
        return new Username(lowered.toString());
    }

    /** Named so that JAX-RS finds it for path and query parameters. */
    public static Username fromString(String written) {
        return parse(written);
    }

    @Override
    public String toString() {
        return "Username[…]";
    }
}
