package org.messengerp2p.mailbox.crash;

/** What a history shows that must not be. */
record Violation(Kind kind, String what) {

    enum Kind {
        /** Acknowledged to its sender and never committed by its recipient. */
        LOST,
        /** Delivered to the application twice. */
        DUPLICATE,
        /** Not the one after the last of its sender. */
        OUT_OF_ORDER,
        /** Nobody had sent it to this recipient. */
        INVENTED,
        /** Sent, with other bytes or under another id. */
        ALTERED,
        /** Handed out after its acknowledgement was answered, though nobody had sent it again. */
        ACK_LOST,
        /** Sent until the end of the run without being acknowledged. */
        UNFINISHED,
        /** An answer that a client cannot expect when something is away. */
        UNEXPECTED_ANSWER
    }
}
