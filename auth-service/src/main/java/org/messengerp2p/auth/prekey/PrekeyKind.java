package org.messengerp2p.auth.prekey;

import org.messengerp2p.auth.wire.FormatException;

/** What a prekey is for; the codes are those of the record (MP2P/1 §2). */
enum PrekeyKind {
    SPK(1, 32, false),
    OPK(2, 32, true),
    PQL(3, 1184, false),
    PQO(4, 1184, true);

    private final int code;
    private final int publicLength;
    private final boolean oneTime;

    PrekeyKind(int code, int publicLength, boolean oneTime) {
        this.code = code;
        this.publicLength = publicLength;
        this.oneTime = oneTime;
    }

    static PrekeyKind of(int code) throws FormatException {
        if (code < 1 || code > values().length) {
            throw new FormatException("the kind of a prekey is unknown");
        }
        return values()[code - 1];
    }

    short code() {
        return (short) code;
    }

    int publicLength() {
        return publicLength;
    }

    /** Handed out once; the others serve until they are replaced. */
    boolean oneTime() {
        return oneTime;
    }
}
