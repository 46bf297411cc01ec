package org.messengerp2p.auth.wire;

/** Bytes that are not the record they should be. The message says what is wrong and quotes nothing. */
public final class FormatException extends Exception {
    public FormatException(String reason) {
        super(reason, null, false, false);
    }
}
