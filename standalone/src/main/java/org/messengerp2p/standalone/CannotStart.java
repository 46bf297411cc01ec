package org.messengerp2p.standalone;

/** Why the application does not start: one sentence for the person who started it, and what would help. */
public final class CannotStart extends RuntimeException {

    public CannotStart(String sentence) {
        super(sentence);
    }

    public CannotStart(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
