package org.messengerp2p.mailbox.delivery;

import java.util.List;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;

/** The bounds of what one request brings (MP2P/1 §1.3, §20). */
final class Envelopes {

    static final int MAX_COUNT = 64;
    static final int MAX_BYTES = 1024 * 1024;

    /** MAX_ENVELOPE. */
    static final int MAX_ENVELOPE_BYTES = 40_960;

    static final long MAX_LIST_VERSION = 0xFFFF_FFFFL;

    private Envelopes() {}

    /** @throws IllegalArgumentException for what no size explains */
    static void requireWellFormed(long listVersion, List<AddressedEnvelope> envelopes) {
        if (listVersion < 1 || listVersion > MAX_LIST_VERSION) {
            throw new IllegalArgumentException("a list version is between 1 and 4294967295");
        }
        if (envelopes == null || envelopes.isEmpty() || envelopes.contains(null)) {
            throw new IllegalArgumentException("a request brings at least one envelope");
        }
    }

    /** @throws ProblemException too-large */
    static void requireNotTooLarge(List<AddressedEnvelope> envelopes) {
        if (envelopes.size() > MAX_COUNT) {
            throw tooLarge("A request brings at most 64 envelopes.");
        }
        int bytes = 0;
        for (AddressedEnvelope addressed : envelopes) {
            if (addressed.envelope().length > MAX_ENVELOPE_BYTES) {
                throw tooLarge("An envelope has at most 40960 bytes.");
            }
            bytes += addressed.envelope().length;
        }
        if (bytes > MAX_BYTES) {
            throw tooLarge("The envelopes of a request have at most 1 MiB.");
        }
    }

    private static ProblemException tooLarge(String detail) {
        return ProblemException.of(CommonProblem.TOO_LARGE, detail);
    }
}
