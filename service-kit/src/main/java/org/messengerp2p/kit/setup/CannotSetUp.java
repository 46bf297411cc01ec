package org.messengerp2p.kit.setup;

/** Something that the operator has to decide, in one sentence that names no secret. */
final class CannotSetUp extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotSetUp(String sentence) {
        super(sentence);
    }

    CannotSetUp(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
