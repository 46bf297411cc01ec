package org.messengerp2p.auth.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.messengerp2p.auth.limit.LimitsInTests.waitOf;

import io.quarkus.agroal.DataSource;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.limit.LimitsInTests.HandClock;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.kit.limit.TokenBucket;
import org.messengerp2p.testkit.TestAccount;

@QuarkusTest
class LastingLimitsTest extends AuthServiceTest {
    private static final Duration TOKEN = Duration.ofMinutes(2);
    private static final Map<String, Limit> LIMITS =
            Map.of("names-by-hour", Limit.parse("30/PT1H/3"), "names-by-day", Limit.parse("200/P1D/5"));

    @Inject
    LimitKeys keys;

    @Inject
    @DataSource("auth")
    javax.sql.DataSource database;

    private final HandClock clock = new HandClock();
    private final AccountId asking = TestAccount.anybody().id();

    @Test
    void keepsToTheArithmeticOfTheBucketInMemory() {
        Random random = new Random(6);
        for (Limit limit : List.of(
                Limit.parse("1/PT1S"), Limit.parse("7/PT1S/3"), Limit.parse("30/PT1H"), Limit.parse("200/P1D/20"))) {
            LastingLimits limits = limits(Map.of("names-by-hour", limit));
            Map<AccountId, TokenBucket> model = new HashMap<>();
            List<AccountId> accounts =
                    Stream.generate(() -> TestAccount.anybody().id()).limit(3).toList();
            for (int call = 0; call < 100; call++) {
                AccountId account = accounts.get(random.nextInt(accounts.size()));
                Optional<Duration> expected = model.computeIfAbsent(
                                account, absent -> new TokenBucket(limit, clock.nanos()))
                        .take(clock.nanos());

                assertEquals(expected, take(limits, AuthLimit.NAMES_BY_HOUR, account), limit + ", call " + call);
                clock.pass(Duration.ofNanos((long) (random.nextDouble() * random.nextInt(3) * limit.nanosPerToken())));
            }
        }
    }

    @Test
    void takesOfEachLimitOrOfNone() {
        LastingLimits limits = limits(LIMITS);
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), takeBoth(limits));
        }

        assertEquals(Optional.of(TOKEN), takeBoth(limits));
        assertEquals(Optional.of(TOKEN), takeBoth(limits));

        assertEquals(Optional.empty(), take(limits, AuthLimit.NAMES_BY_DAY, asking));
        assertEquals(Optional.empty(), take(limits, AuthLimit.NAMES_BY_DAY, asking), "the refused took none of these");
        assertEquals(Optional.of(Duration.ofSeconds(432)), take(limits, AuthLimit.NAMES_BY_DAY, asking));
    }

    @Test
    void isOneForAllReplicasAndAcrossRestarts() {
        LastingLimits before = limits(LIMITS);
        for (int i = 0; i < 3; i++) {
            take(before, AuthLimit.NAMES_BY_HOUR, asking);
        }

        assertEquals(Optional.of(TOKEN), take(limits(LIMITS), AuthLimit.NAMES_BY_HOUR, asking));
    }

    @Test
    void letsExactlyAsManyPassAtOnceAsThereAreTokens() throws Exception {
        LastingLimits limits = limits(LIMITS);
        takeBoth(limits);

        List<Optional<Duration>> waits =
                LimitsInTests.atOnce(12, database, "rate_bucket", () -> take(limits, AuthLimit.NAMES_BY_HOUR, asking));

        assertEquals(2, waits.stream().filter(Optional::isEmpty).count());
        assertEquals(10, waits.stream().filter(Optional.of(TOKEN)::equals).count());
    }

    @Test
    void countsForNothingWhatAClockThatStoodAheadHasWritten() {
        LastingLimits limits = limits(LIMITS);
        clock.pass(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            take(limits, AuthLimit.NAMES_BY_HOUR, asking);
        }
        clock.pass(Duration.ofHours(-1));

        assertEquals(Optional.empty(), take(limits, AuthLimit.NAMES_BY_HOUR, asking));
        assertEquals(Optional.empty(), take(limits, AuthLimit.NAMES_BY_HOUR, asking));
        assertEquals(Optional.empty(), take(limits, AuthLimit.NAMES_BY_HOUR, asking));
        assertEquals(Optional.of(TOKEN), take(limits, AuthLimit.NAMES_BY_HOUR, asking));
    }

    @Test
    void givesNothingAwayByTheClocksOfTwoReplicas() {
        LastingLimits limits = limits(LIMITS);
        Duration apart = Duration.ofSeconds(30);
        clock.pass(apart);
        for (int i = 0; i < 3; i++) {
            take(limits, AuthLimit.NAMES_BY_HOUR, asking);
        }
        clock.pass(apart.negated());

        assertEquals(Optional.of(TOKEN.plus(apart)), take(limits, AuthLimit.NAMES_BY_HOUR, asking));
    }

    @Test
    void forgetsWhatIsFullAgain() throws Throwable {
        LastingLimits limits = limits(LIMITS);
        take(limits, AuthLimit.NAMES_BY_HOUR, asking);
        clock.pass(TOKEN.minusNanos(1));
        sweep(limits);
        assertEquals(1, rows(asking));

        clock.pass(Duration.ofNanos(1));
        sweep(limits);

        assertEquals(0, rows(asking));
    }

    /** A call holds the row of one limit and comes to that of the other: the sweep must not hold that and want the first. */
    @Test
    void forgetsWithoutWaitingForACall() throws Exception {
        LastingLimits limits = limits(LIMITS);
        AccountId other = TestAccount.anybody().id();
        take(limits, AuthLimit.NAMES_BY_HOUR, asking);
        take(limits, AuthLimit.NAMES_BY_HOUR, other);
        clock.pass(TOKEN);

        LimitsInTests.whileHeld(database, "rate_bucket where bucket_key = '" + key(other) + "'", () -> sweep(limits));

        assertEquals(0, rows(asking));
        assertEquals(1, rows(other));
    }

    private LastingLimits limits(Map<String, Limit> limits) {
        return new LastingLimits(new Limits(LimitsInTests.settings(limits)), keys, clock);
    }

    private static Optional<Duration> take(LastingLimits limits, AuthLimit limit, AccountId account) {
        return waitOf(() -> limits.take(Charge.of(limit, account)));
    }

    private Optional<Duration> takeBoth(LastingLimits limits) {
        return waitOf(() ->
                limits.take(Charge.of(AuthLimit.NAMES_BY_HOUR, asking), Charge.of(AuthLimit.NAMES_BY_DAY, asking)));
    }

    private static void sweep(LastingLimits limits) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(limits::forgetFull));
    }

    private int rows(AccountId account) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement rows =
                        connection.prepareStatement("select count(*) from rate_bucket where bucket_key = ?")) {
            rows.setObject(1, key(account));
            ResultSet count = rows.executeQuery();
            count.next();
            return count.getInt(1);
        }
    }

    private UUID key(AccountId account) {
        return keys.of(Charge.of(AuthLimit.NAMES_BY_HOUR, account));
    }
}
