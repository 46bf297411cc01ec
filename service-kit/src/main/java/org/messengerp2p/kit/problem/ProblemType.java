package org.messengerp2p.kit.problem;

/** A kind of refusal with a stable name (RFC 9457 {@code type}). Each service lists its own in one enum. */
public interface ProblemType {

    /** HTTP status code that goes with it. */
    int status();

    /** Lower case, words joined by '-'; published as {@code urn:mp2p:problem:<slug>} and never changed. */
    String slug();

    default String urn() {
        return "urn:mp2p:problem:" + slug();
    }
}
