package org.messengerp2p.mailbox.archive;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.messengerp2p.kit.http.LongAnswer;

/**
 * A segment as its device sealed it: body of {@code PUT} and answer to {@code GET /archive/…/{seg_no}/{rev}}.
 *
 * @param segment opaque bytes
 */
record Segment(@Schema(ref = "SealedSegment") byte[] segment) implements LongAnswer {

    /** 262 144 bytes of framed lines and the 72 of Seal (MP2P/1 §1.1); a manifest may be as long. */
    static final int MAX_LENGTH = 262_216;

    Segment {
        if (segment == null || segment.length == 0) {
            throw new IllegalArgumentException("a segment has bytes");
        }
    }
}
