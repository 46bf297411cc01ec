package org.messengerp2p.mailbox.archive;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two numbers behind which a list goes on; opaque to the client. */
record Place(long first, long second) {

    /** Before everything. */
    static final Place START = new Place(-1, -1);

    /** The largest integer that every JSON reader takes exactly (RFC 8259 §6): 2^53 − 1. */
    static final long MAX_NUMBER = (1L << 53) - 1;

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,15}");
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,16})-([0-9]{1,16})");

    /** @throws IllegalArgumentException for what {@link #text()} did not give */
    static Place parse(String text) {
        Matcher numbers = TEXT.matcher(text);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("a place is two numbers");
        }
        return new Place(number(numbers.group(1)), number(numbers.group(2)));
    }

    /**
     * Of a path, in its only form.
     *
     * @throws IllegalArgumentException unless it is a decimal from 0 to 2^53 − 1 without leading zeros
     */
    static long number(String decimal) {
        if (!NUMBER.matcher(decimal).matches() || Long.parseLong(decimal) > MAX_NUMBER) {
            throw new IllegalArgumentException("a number is between 0 and 2^53 - 1");
        }
        return Long.parseLong(decimal);
    }

    String text() {
        return first + "-" + second;
    }
}
