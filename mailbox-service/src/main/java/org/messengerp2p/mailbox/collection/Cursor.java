package org.messengerp2p.mailbox.collection;

import java.nio.ByteBuffer;
import java.util.Base64;

/** A place in the order of a mailbox; opaque to the client. */
record Cursor(long position) {

    static final Cursor START = new Cursor(0);

    Cursor {
        if (position < 0) {
            throw new IllegalArgumentException("a cursor is not negative");
        }
    }

    /** @throws IllegalArgumentException for what {@link #text()} did not give */
    static Cursor parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != Long.BYTES) {
            throw new IllegalArgumentException("a cursor has eight bytes");
        }
        Cursor cursor = new Cursor(ByteBuffer.wrap(bytes).getLong());
        if (!cursor.text().equals(text)) {
            throw new IllegalArgumentException("a cursor is canonical base64url without padding");
        }
        return cursor;
    }

    String text() {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(position).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
