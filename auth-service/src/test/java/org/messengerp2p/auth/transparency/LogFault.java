package org.messengerp2p.auth.transparency;

/** What a client warns of (E_KT, MP2P/1 §10.1). */
final class LogFault extends Exception {
    private static final long serialVersionUID = 1L;

    enum Kind {
        SIGNATURE,
        SHORTER,
        FORKED,
        OLDER,
        LEAVES_MISSING,
        TWO_LISTS,
        OTHER_ROOT
    }

    private final Kind kind;

    LogFault(Kind kind) {
        super(kind.name());
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
