package org.messengerp2p.auth.limit;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.testkit.TestAccount;

/**
 * What a limit in the database costs a call, beside the smallest statement by the same way. By command:
 *
 * <pre>./mvnw -pl auth-service -am test -Dtest=LimitFigures -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@QuarkusTest
class LimitFigures extends AuthServiceTest {
    private static final int SAMPLES = 2000;

    @Inject
    LimitKeys keys;

    @Inject
    Clock clock;

    @Test
    void showsWhatALimitCosts() {
        Limit roomy = Limit.parse("1000000/PT1S");
        Limit tight = Limit.parse("1/P1D");
        Limits limits = new Limits(LimitsInTests.settings(Map.of(
                "names-by-hour",
                roomy,
                "names-by-day",
                roomy,
                "bundles-by-requester",
                tight,
                "passwords-by-name",
                tight,
                "passwords-by-address",
                roomy)));
        LastingLimits lasting = new LastingLimits(limits, keys, clock);
        SecretGuesses guesses = new SecretGuesses(limits, keys, clock);
        AccountId asking = TestAccount.anybody().id();
        double base = measured(
                "the smallest statement",
                0,
                () -> LimitsInTests.waitOf(() -> Panache.getSession()
                        .chain(session -> session.createNativeQuery("select 1", Integer.class)
                                .getSingleResult())
                        .replaceWithVoid()));

        measured(
                "a bucket, taken",
                base,
                () -> LimitsInTests.waitOf(() -> lasting.take(Charge.of(AuthLimit.NAMES_BY_HOUR, asking))));
        measured(
                "two buckets, taken",
                base,
                () -> LimitsInTests.waitOf(() -> lasting.take(
                        Charge.of(AuthLimit.NAMES_BY_HOUR, asking), Charge.of(AuthLimit.NAMES_BY_DAY, asking))));
        measured(
                "two buckets, refused",
                base,
                () -> LimitsInTests.waitOf(() -> lasting.take(
                        Charge.of(AuthLimit.NAMES_BY_HOUR, asking),
                        Charge.of(AuthLimit.BUNDLES_BY_REQUESTER, asking))));
        measured(
                "a guess at a new name, counted",
                base,
                () -> LimitsInTests.waitOf(() -> guesses.count(
                        Charge.of(
                                AuthLimit.PASSWORDS_BY_NAME,
                                new Username(TestAccount.anybody().username())),
                        Charge.of(AuthLimit.PASSWORDS_BY_ADDRESS, new AddressPrefix(1, false)))));
    }

    private static double measured(String what, double base, Supplier<?> call) {
        double[] times = new double[SAMPLES];
        for (int warmUp = 0; warmUp < SAMPLES / 4; warmUp++) {
            call.get();
        }
        for (int i = 0; i < SAMPLES; i++) {
            long began = System.nanoTime();
            call.get();
            times[i] = (System.nanoTime() - began) / 1e6;
        }
        Arrays.sort(times);
        double median = times[SAMPLES / 2];
        System.out.printf(
                "%-32s %6.3f ms, %.1f times the smallest statement%n",
                what, median, median / (base > 0 ? base : median));
        return median;
    }
}
