package org.messengerp2p.signaling.connection;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes many hints one, and loses none: while a hint has not left, further ones are remembered as one more. A hint
 * that has left may have been acted on already, so one that comes later must follow it.
 */
final class MailHint {

    private static final Unsent ALONE = new Unsent(Optional.empty());

    /** Null while there is none. */
    private final AtomicReference<Unsent> state = new AtomicReference<>();

    /** @param owed what the first of those that must follow wants to be told when it has left */
    private record Unsent(Optional<Runnable> owed) {

        private Unsent and(Runnable left) {
            return owed.isPresent() ? this : new Unsent(Optional.of(left));
        }
    }

    /**
     * @param left what to tell when it has left
     * @return whether a hint is to be sent now
     */
    boolean wanted(Runnable left) {
        return state.getAndUpdate(before -> before == null ? ALONE : before.and(left)) == null;
    }

    /** The hint has left. @return whom to tell of the one that is to be sent now; empty if there is none */
    Optional<Runnable> left() {
        return state.getAndUpdate(before -> before.owed().isPresent() ? ALONE : null)
                .owed();
    }
}
