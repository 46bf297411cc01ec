package org.messengerp2p.signaling.connection;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes many hints one, and loses none: while a hint has not left, further ones are remembered as one more. A hint
 * that has left may have been acted on already, so one that comes later must follow it.
 */
final class MailHint {

    private enum State {
        NONE,
        UNSENT,
        UNSENT_AND_OWED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.NONE);

    /** @return whether a hint is to be sent now */
    boolean wanted() {
        return state.getAndUpdate(before -> before == State.NONE ? State.UNSENT : State.UNSENT_AND_OWED) == State.NONE;
    }

    /** The hint has left. @return whether another is to be sent now */
    boolean left() {
        return state.getAndUpdate(before -> before == State.UNSENT_AND_OWED ? State.UNSENT : State.NONE)
                == State.UNSENT_AND_OWED;
    }
}
