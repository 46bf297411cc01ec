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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.account.Username;
import org.messengerp2p.auth.limit.LimitsInTests.HandClock;
import org.messengerp2p.kit.limit.AddressPrefix;
import org.messengerp2p.kit.limit.Limit;
import org.messengerp2p.testkit.TestAccount;

@QuarkusTest
class SecretGuessesTest extends AuthServiceTest {
    private static final Duration WINDOW = Duration.ofMinutes(15);

    @Inject
    LimitKeys keys;

    @Inject
    @DataSource("auth")
    javax.sql.DataSource database;

    private final HandClock clock = new HandClock();
    private SecretGuesses guesses;
    private final Username name = someName();
    private final Random random = new Random(6);

    @BeforeEach
    void begin() {
        guesses = guesses(3);
    }

    @Test
    void pausesForAWindowThenTwiceAsLong() {
        useUp();
        assertEquals(Optional.of(WINDOW), guess());

        clock.pass(WINDOW);
        useUp();
        assertEquals(Optional.of(WINDOW.multipliedBy(2)), guess());

        clock.pass(WINDOW.multipliedBy(2));
        useUp();
        assertEquals(Optional.of(WINDOW.multipliedBy(4)), guess());
    }

    @Test
    void tellsWhatIsLeftOfAPauseWithoutProlongingIt() {
        useUp();

        clock.pass(Duration.ofMinutes(5));

        assertEquals(Optional.of(Duration.ofMinutes(10)), guess());
        assertEquals(Optional.of(Duration.ofMinutes(10)), guess());
    }

    @Test
    void doublesNoMoreThanFourTimes() {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 8; i++) {
            useUp();
            longest = guess().orElseThrow();
            clock.pass(longest);
        }

        assertEquals(WINDOW.multipliedBy(16), longest);
    }

    @Test
    void forgetsPausesAfterAsMuchQuiet() {
        useUp();
        clock.pass(WINDOW.multipliedBy(3));

        useUp();

        assertEquals(Optional.of(WINDOW), guess());
    }

    @Test
    void beginsAnewInTheNextWindow() {
        guess();
        guess();
        clock.pass(WINDOW);

        useUp();
    }

    @Test
    void forgetsAfterARightOne() throws Throwable {
        guess();
        guess();
        VertxContextSupport.subscribeAndAwait(
                () -> Panache.withTransaction(() -> guesses.forget(Charge.of(AuthLimit.PASSWORDS_BY_NAME, name))));

        useUp();
    }

    @Test
    void countsForNothingWhatAClockThatStoodAheadHasWritten() {
        clock.pass(Duration.ofDays(1));
        useUp();
        clock.pass(Duration.ofDays(-1));

        useUp();
        assertEquals(Optional.of(WINDOW), guess());
    }

    @Test
    void forgetsWhatHasBeenQuietForLong() throws Throwable {
        useUp();
        clock.pass(WINDOW.multipliedBy(3).minusNanos(1));
        VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(guesses::forgetQuiet));
        assertEquals(1, rows());

        clock.pass(Duration.ofNanos(1));
        VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(guesses::forgetQuiet));

        assertEquals(0, rows());
    }

    /** A guess counts against a name and an address, one after the other: the sweep must not hold one and want both. */
    @Test
    void forgetsWithoutWaitingForAGuess() throws Exception {
        Username other = someName();
        guess();
        waitOf(() -> guesses.count(Charge.of(AuthLimit.PASSWORDS_BY_NAME, other)));
        clock.pass(WINDOW.multipliedBy(3));

        LimitsInTests.whileHeld(
                database,
                "secret_guess where guess_key = '" + keys.of(Charge.of(AuthLimit.PASSWORDS_BY_NAME, other)) + "'",
                () -> VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(guesses::forgetQuiet)));

        assertEquals(0, rows());
    }

    @Test
    void countsAgainstEachOrAgainstNone() {
        AddressPrefix strangers = new AddressPrefix(random.nextInt(), false);
        Username victim = someName();
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), guess(guesses, someName(), strangers));
        }

        for (int i = 0; i < 5; i++) {
            assertEquals(Optional.of(WINDOW), guess(guesses, victim, strangers));
        }

        assertEquals(Optional.empty(), guess(guesses, victim, new AddressPrefix(random.nextInt(), false)));
    }

    @Test
    void isOneForAllReplicasAndAcrossRestarts() {
        useUp();

        assertEquals(Optional.of(WINDOW), waitOf(() -> guesses(3).count(Charge.of(AuthLimit.PASSWORDS_BY_NAME, name))));
    }

    @Test
    void letsExactlyAsManyPassAtOnceAsThereAre() throws Exception {
        guess();

        List<Optional<Duration>> waits = LimitsInTests.atOnce(12, database, "secret_guess", this::guess);

        assertEquals(2, waits.stream().filter(Optional::isEmpty).count());
        assertEquals(Optional.of(WINDOW), guess());
    }

    @Test
    void keepsToItsModel() {
        for (int most : List.of(1, 2, 5)) {
            SecretGuesses tested = guesses(most);
            Map<Username, Model> models = new HashMap<>();
            List<Username> names =
                    Stream.generate(SecretGuessesTest::someName).limit(2).toList();
            for (int call = 0; call < 200; call++) {
                Username one = names.get(random.nextInt(names.size()));
                Optional<Duration> expected =
                        models.computeIfAbsent(one, absent -> new Model()).guess(most, clock.nanos());

                assertEquals(
                        expected,
                        waitOf(() -> tested.count(Charge.of(AuthLimit.PASSWORDS_BY_NAME, one))),
                        most + " in a window, call " + call);
                clock.pass(expected.filter(paused -> random.nextInt(4) > 0)
                        .orElseGet(() -> Duration.ofSeconds(random.nextInt(5) * random.nextInt(600))));
            }
        }
    }

    /** The rule in words of Java. */
    private static final class Model {
        private int made;
        private int pauses;
        private long until = Long.MIN_VALUE;
        private long forgottenAt = Long.MIN_VALUE;

        Optional<Duration> guess(int most, long now) {
            if (made == most && now < until) {
                return Optional.of(Duration.ofNanos(until - now));
            }
            if (now >= forgottenAt) {
                pauses = 0;
            }
            if (now >= until) {
                made = 0;
                until = now + WINDOW.toNanos();
            }
            made++;
            if (made == most) {
                until = now + (WINDOW.toNanos() << Math.min(pauses, 4));
                pauses++;
            }
            forgottenAt = until + (WINDOW.toNanos() << Math.min(pauses, 4));
            return Optional.empty();
        }
    }

    private SecretGuesses guesses(int most) {
        Limit limit = Limit.per(WINDOW, most);
        return new SecretGuesses(
                new Limits(LimitsInTests.settings(Map.of("passwords-by-name", limit, "passwords-by-address", limit))),
                keys,
                clock);
    }

    private static Username someName() {
        return new Username(TestAccount.anybody().username());
    }

    private Optional<Duration> guess() {
        return waitOf(() -> guesses.count(Charge.of(AuthLimit.PASSWORDS_BY_NAME, name)));
    }

    private static Optional<Duration> guess(SecretGuesses guesses, Username name, AddressPrefix address) {
        return waitOf(() -> guesses.count(
                Charge.of(AuthLimit.PASSWORDS_BY_NAME, name), Charge.of(AuthLimit.PASSWORDS_BY_ADDRESS, address)));
    }

    private int rows() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement rows =
                        connection.prepareStatement("select count(*) from secret_guess where guess_key = ?")) {
            rows.setObject(1, keys.of(Charge.of(AuthLimit.PASSWORDS_BY_NAME, name)));
            ResultSet count = rows.executeQuery();
            count.next();
            return count.getInt(1);
        }
    }

    private void useUp() {
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), guess());
        }
    }
}
