package org.messengerp2p.signaling.socket;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.limit.TokenBuckets;
import org.messengerp2p.kit.problem.CommonProblem;
import org.messengerp2p.kit.problem.ProblemException;
import org.messengerp2p.signaling.SignalingSettings;

/** How often sockets are asked for: each costs the check of a signature, and each that opens is told to others. */
@ApplicationScoped
class HandshakeRates {

    /** As many addresses, and as many accounts, are remembered. */
    private static final int MOST = 100_000;

    private final TokenBuckets<AddressPrefix> byAddress;
    private final TokenBuckets<AccountId> byAccount;

    HandshakeRates(SignalingSettings settings) {
        this.byAddress = new TokenBuckets<>(settings.limits().handshakesByAddress(), MOST);
        this.byAccount = new TokenBuckets<>(settings.limits().handshakesByAccount(), MOST);
    }

    /** @return empty if the handshake may go on; else why not */
    Optional<ProblemException> from(AddressPrefix address) {
        return byAddress.take(address).map(HandshakeRates::limited);
    }

    /** As {@link #from}, of an account whose token was good. */
    Optional<ProblemException> of(AccountId account) {
        return byAccount.take(account).map(HandshakeRates::limited);
    }

    private static ProblemException limited(Duration wait) {
        return ProblemException.retryAfter(CommonProblem.RATE_LIMITED, "Sockets are asked for too often.", wait);
    }
}
