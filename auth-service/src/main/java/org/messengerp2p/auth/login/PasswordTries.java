package org.messengerp2p.auth.login;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.BiFunction;
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
     * Makes a guess at a sign-in if it may be made. One that finds no place for its work is not counted, and one that has
     * a place keeps it for what a right secret is for. After a right one the name begins anew; the address keeps its
     * count, since one right password must not pay for guesses at others.
     *
     * @param check fails for a wrong guess
     * @param then what a right one is for
     * @throws ProblemException busy, rate-limited
     */
    public <T, R> Uni<R> guess(
            Username name,
            AddressPrefix address,
            Function<BoundedWork.Place, Uni<T>> check,
            BiFunction<T, BoundedWork.Place, Uni<R>> then) {
        return guess(Charge.of(AuthLimit.PASSWORDS_BY_NAME, name), address, check, then);
    }

    /**
     * As {@link #guess(Username, AddressPrefix, Function, BiFunction)} by who is signed in, and counted apart: strangers
     * who try a name keep nobody from changing its password.
     */
    public <T, R> Uni<R> guess(
            AccountId account,
            AddressPrefix address,
            Function<BoundedWork.Place, Uni<T>> check,
            BiFunction<T, BoundedWork.Place, Uni<R>> then) {
        return guess(Charge.of(AuthLimit.PASSWORDS_BY_NAME, account), address, check, then);
    }

    private <T, R> Uni<R> guess(
            Charge whose,
            AddressPrefix address,
            Function<BoundedWork.Place, Uni<T>> check,
            BiFunction<T, BoundedWork.Place, Uni<R>> then) {
        Charge byAddress = Charge.of(AuthLimit.PASSWORDS_BY_ADDRESS, address);
        return work.admitted(place -> guesses.count(whose, byAddress)
                .chain(() -> check.apply(place))
                .call(() -> guesses.forget(whose))
                .chain(right -> then.apply(right, place)));
    }
}
