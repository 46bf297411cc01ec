package org.messengerp2p.auth.device;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far somebody has been told what was removed (docs/adr/0015). A round of answers tells what can be seen of the
 * transactions from one on; the next begins with those that were open when this one began.
 *
 * @param transaction with which the round begins; within one, that with which the next begins
 * @param serial of the last removal that was told; 0 where a round begins
 */
record RevocationCursor(long transaction, long serial) {
    static final RevocationCursor START = new RevocationCursor(0, 0);

    /** More digits than either number will ever have, and fewer than overflow. */
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(?:\\.(\\d{1,18}))?");

    static RevocationCursor beginning(long transaction) {
        return new RevocationCursor(transaction, 0);
    }

    /** @throws IllegalArgumentException unless it was made by {@link #text()} */
    static RevocationCursor parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a cursor is one or two numbers");
        }
        return new RevocationCursor(
                Long.parseLong(parts.group(1)), parts.group(2) == null ? 0 : Long.parseLong(parts.group(2)));
    }

    boolean beginsRound() {
        return serial == 0;
    }

    String text() {
        return beginsRound() ? Long.toString(transaction) : transaction + "." + serial;
    }
}
