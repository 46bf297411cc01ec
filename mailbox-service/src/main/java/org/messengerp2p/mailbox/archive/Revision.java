package org.messengerp2p.mailbox.archive;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One state of a segment within its series; in JSON {@code [seg_no, rev]}.
 *
 * @param segNo from 0 to 2^53 − 1
 * @param rev a u32, one greater at each rewrite
 */
record Revision(long segNo, long rev) {

    private static final long MAX_U32 = 0xFFFF_FFFFL;

    Revision {
        if (segNo < 0 || segNo > Place.MAX_NUMBER || rev < 0 || rev > MAX_U32) {
            throw new IllegalArgumentException("a segment has a number and a revision");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Revision of(long[] pair) {
        if (pair.length != 2) {
            throw new IllegalArgumentException("a segment is named by two numbers");
        }
        return new Revision(pair[0], pair[1]);
    }

    /** @throws IllegalArgumentException unless both are decimal as JSON writes a number */
    static Revision parse(String segNo, String rev) {
        return new Revision(Place.number(segNo), Place.number(rev));
    }

    @JsonValue
    long[] pair() {
        return new long[] {segNo, rev};
    }

    Place place() {
        return new Place(segNo, rev);
    }
}
