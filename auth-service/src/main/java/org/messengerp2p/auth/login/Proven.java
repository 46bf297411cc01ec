package org.messengerp2p.auth.login;

import java.util.Arrays;
import org.messengerp2p.kit.identity.AccountId;

/** A secret was right for the credential that stood when it was checked. By now there may be another one. */
public final class Proven {
    private final AccountId account;
    private final byte[] verifier;

    Proven(AccountId account, byte[] verifier) {
        this.account = account;
        this.verifier = verifier;
    }

    public AccountId account() {
        return account;
    }

    /** Every new password or code comes with a new verifier, under a new salt. */
    boolean isBy(Verifier standing) {
        return Arrays.equals(verifier, standing.hash());
    }
}
