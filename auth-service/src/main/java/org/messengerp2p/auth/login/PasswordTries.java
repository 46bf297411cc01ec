package org.messengerp2p.auth.login;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Function;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Charge;
import org.messengerp2p.auth.limit.SecretGuesses;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Bounds guesses at a password, by name and by address prefix (MP2P/1 §20, point 2). Names that do not exist are counted
 * alike, and a guess is counted before it is checked, so that many at once gain nothing.
 */
@ApplicationScoped
public class PasswordTries {
    private final SecretGuesses guesses;
    private final BoundedWork work;

    PasswordTries(SecretGuesses guesses, BoundedWork work) {
        this.guesses = guesses;
        this.work = work;
    }

    /**
     * Makes a guess at a sign-in if it may be made. One that finds no place for its work is not counted. After a right
     * one the name begins anew; the address keeps its count, since one right password must not pay for guesses at others.
     *
     * @param check empty for a wrong guess
     * @throws ProblemException busy, rate-limited
     */
    public <T> Uni<Optional<T>> guess(
            Username name, AddressPrefix address, Function<BoundedWork.Place, Uni<Optional<T>>> check) {
        return guess(Charge.of(AuthLimit.PASSWORDS_BY_NAME, name), address, check);
    }

    /**
     * As {@link #guess(Username, AddressPrefix, Function)} by who is signed in, and counted apart: strangers who try a
     * name keep nobody from changing its password.
     */
    public <T> Uni<Optional<T>> guess(
            AccountId account, AddressPrefix address, Function<BoundedWork.Place, Uni<Optional<T>>> check) {
        return guess(Charge.of(AuthLimit.PASSWORDS_BY_NAME, account), address, check);
    }

    private <T> Uni<Optional<T>> guess(
            Charge whose, AddressPrefix address, Function<BoundedWork.Place, Uni<Optional<T>>> check) {
        Charge byAddress = Charge.of(AuthLimit.PASSWORDS_BY_ADDRESS, address);
        return work.admitted(place -> guesses.count(whose, byAddress)
                .chain(() -> check.apply(place))
                .call(right -> right.isPresent()
                        ? guesses.forget(whose)
                        : Uni.createFrom().voidItem()));
    }
}
