package org.messengerp2p.auth.login;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.limit.AuthLimit;
import org.messengerp2p.auth.limit.Limits;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.limit.TryBackoff;
import org.messengerp2p.kit.problem.ProblemException;

/**
 * Bounds guesses at a password, by name and by address prefix (MP2P/1 §20, point 2). Names that do not exist are counted
 * alike, and a guess is counted before it is checked, so that many at once gain nothing.
 */
@Singleton
public class PasswordTries {
    private final TryBackoff<Object> byName;
    private final TryBackoff<AddressPrefix> byAddress;

    PasswordTries(Limits limits) {
        byName = backoff(AuthLimit.PASSWORDS_BY_NAME, limits);
        byAddress = backoff(AuthLimit.PASSWORDS_BY_ADDRESS, limits);
    }

    /**
     * At a sign-in.
     *
     * @throws ProblemException rate-limited, with the time to wait
     */
    public void take(Username name, AddressPrefix address) {
        takeOf(name, address);
    }

    /**
     * By who is signed in, and counted apart: strangers who try a name keep nobody from changing its password.
     *
     * @throws ProblemException rate-limited, with the time to wait
     */
    public void take(AccountId account, AddressPrefix address) {
        takeOf(account, address);
    }

    /** The guess was right. The address keeps its count: one right password must not pay for guesses at others. */
    public void succeeded(Username name) {
        byName.succeeded(name);
    }

    /** As {@link #succeeded(Username)}. */
    public void succeeded(AccountId account) {
        byName.succeeded(account);
    }

    private void takeOf(Object name, AddressPrefix address) {
        Optional<Duration> longest = Stream.of(byAddress.take(address), byName.take(name))
                .flatMap(Optional::stream)
                .max(Duration::compareTo);
        if (longest.isPresent()) {
            throw Limits.tooOften(longest.get());
        }
    }

    private static <K> TryBackoff<K> backoff(AuthLimit limit, Limits limits) {
        return new TryBackoff<>(limits.rate(limit), limits.memory(), System::nanoTime);
    }
}
