package org.messengerp2p.mailbox.delivery;

/** What became of one envelope, as the sender is told (MP2P/1 §20). */
enum ItemState {
    /** It waits; perhaps it did before, which the sender need not know. */
    STORED("stored"),
    FULL("full");

    private final String wire;

    ItemState(String wire) {
        this.wire = wire;
    }

    String wire() {
        return wire;
    }
}
