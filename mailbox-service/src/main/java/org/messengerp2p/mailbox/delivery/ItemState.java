package org.messengerp2p.mailbox.delivery;

/** What became of one envelope. */
enum ItemState {
    STORED("stored"),
    /** It was waiting already; the sender need not know the difference. */
    DUPLICATE("stored"),
    FULL("full");

    private final String wire;

    ItemState(String wire) {
        this.wire = wire;
    }

    /** As MP2P/1 §20 names it. */
    String wire() {
        return wire;
    }
}
