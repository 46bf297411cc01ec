package org.messengerp2p.mailbox.delivery;

import java.util.Collections;
import java.util.List;

/** What became of a {@link Batch}. Whatever is not {@link Done} has stored nothing of it. */
sealed interface StoreOutcome {

    /**
     * Committed.
     *
     * @param states one an envelope, in the order of the batch
     * @param fresh how many of the stored were not waiting before
     */
    record Done(List<ItemState> states, int fresh) implements StoreOutcome {

        /** None of them was waiting before. */
        static Done allStored(int envelopes) {
            return new Done(Collections.nCopies(envelopes, ItemState.STORED), envelopes);
        }
    }

    /** The directory does not have the account. */
    record UnknownAccount() implements StoreOutcome {}

    /** The token is not that of the account. Says nothing of whether there is such an account. */
    record WrongToken() implements StoreOutcome {}

    /** The batch is for another list than the directory has, or for a device that is not on it. */
    record OtherList(long listVersion) implements StoreOutcome {}
}
