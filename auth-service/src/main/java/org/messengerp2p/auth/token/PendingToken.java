package org.messengerp2p.auth.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.messengerp2p.kit.identity.AccountId;

/** A sign-in that has not become a device yet; {@link PendingTokens} writes it by a statement of its own. */
@Entity
@Table(name = "pending_token")
public class PendingToken {
    @Id
    @Column(name = "token_id")
    private UUID tokenId;

    @Column(name = "account_id")
    private UUID accountId;

    @Column(name = "added_in")
    private Long addedIn;

    @Column(name = "by_recovery")
    private boolean byRecovery;

    @Column(name = "password_set")
    private boolean passwordSet;

    @Column(name = "ends_at")
    private Instant endsAt;

    protected PendingToken() {}

    boolean isOf(AccountId account) {
        return accountId.equals(account.value());
    }

    /** It counts for one added device. */
    public boolean isUsed() {
        return addedIn != null;
    }

    public void usedFor(long listVersion) {
        addedIn = listVersion;
    }

    /** Whether a recovery code began it, which is for setting a password. */
    public boolean isByRecovery() {
        return byRecovery;
    }

    /** Whether it has to set a password before anything else. */
    public boolean owesPassword() {
        return byRecovery && !passwordSet;
    }

    public void passwordIsSet() {
        passwordSet = true;
    }
}
