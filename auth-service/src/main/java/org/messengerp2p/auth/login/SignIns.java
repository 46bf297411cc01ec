package org.messengerp2p.auth.login;

import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.token.IssuedPending;
import org.messengerp2p.auth.token.PendingTokens;
import org.messengerp2p.auth.token.TokenIssuer;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.ProblemException;

/** Gives who knows a name's password or recovery code a PENDING token (MP2P/1 §9.2, §9.3). */
@ApplicationScoped
class SignIns {
    private final Credentials credentials;
    private final PasswordTries tries;
    private final TokenIssuer issuer;
    private final PendingTokens pending;

    SignIns(Credentials credentials, PasswordTries tries, TokenIssuer issuer, PendingTokens pending) {
        this.credentials = credentials;
        this.tries = tries;
        this.issuer = issuer;
        this.pending = pending;
    }

    record SignIn(AccountId account, String pendingToken) {
        @Override
        public String toString() {
            return "SignIn[…]";
        }
    }

    /** @throws ProblemException busy, rate-limited; credentials-wrong, for a name that does not exist alike */
    Uni<SignIn> begin(Username name, Proof proof, AddressPrefix address) {
        return tries.guess(
                name,
                address,
                place -> credentials.check(name, proof, place).map(SignIns::right),
                (proven, place) -> begin(proven, proof.isRecovery(), place));
    }

    /**
     * Stored before the credential is looked at again: a change of the password that comes first, or the end of the
     * account, makes this fail; one that comes later finds the sign-in and ends it.
     */
    @WithTransaction
    Uni<Void> store(Proven proven, IssuedPending issued, boolean byRecovery) {
        return pending.begin(proven.account(), issued, byRecovery).chain(() -> credentials.requireUnchanged(proven));
    }

    private Uni<SignIn> begin(Proven proven, boolean byRecovery, BoundedWork.Place place) {
        return issuer.pending(proven.account(), place)
                .call(issued -> store(proven, issued, byRecovery))
                .map(issued -> new SignIn(proven.account(), issued.token()));
    }

    private static Proven right(Optional<Proven> proven) {
        return proven.orElseThrow(() -> Credentials.wrong("The user name or the secret is not right."));
    }
}
