package org.messengerp2p.auth.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AtOnce;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.TightLimits;
import org.messengerp2p.auth.deletion.AccountRows;
import org.messengerp2p.auth.work.BoundedWork;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;

/** More sign-ins at once than the queue takes (MP2P/1 §20). */
@QuarkusTest
@TestProfile(TightLimits.class)
class BusyLoginTest extends AuthServiceTest {
    private static final int TRIES_BY_NAME = 3;

    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    @Inject
    BoundedWork work;

    @Test
    void tellsTwoHundredAtOnceHonestlyWhenToComeAgain() {
        byte[] guess = new byte[32];
        new Random().nextBytes(guess);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(guess);
        List<String> names = Stream.generate(() -> TestAccount.anybody().username())
                .limit(200)
                .toList();

        List<Answer> answers = AtOnce.send(
                names,
                name -> rest.call("POST", AUTH + "/login", null, Map.of("username", name, "auth_secret", secret)));

        List<Answer> checked =
                answers.stream().filter(answer -> answer.status() == 401).toList();
        List<Answer> busy =
                answers.stream().filter(answer -> answer.status() == 429).toList();
        assertEquals(200, checked.size() + busy.size());
        assertTrue(checked.size() >= 64, checked.size() + " were checked");
        assertFalse(busy.isEmpty());
        for (Answer answer : busy) {
            assertEquals("busy", answer.problem());
            int wait = Integer.parseInt(answer.header("Retry-After").orElseThrow());
            assertTrue(wait >= 1 && wait <= 30, wait + " s");
        }
        String refused = names.get(IntStream.range(0, 200)
                .filter(name -> answers.get(name).status() == 429)
                .findFirst()
                .orElseThrow());
        for (int i = 0; i < TRIES_BY_NAME; i++) {
            assertEquals(401, accounts.login(refused, guess).status(), "busy has counted nothing");
        }
        assertEquals("rate-limited", accounts.login(refused, guess).problem());
    }

    /** Whoever came between the check of its secret and its token would make the check vain. */
    @Test
    void keepsThePlaceOfASignInUntilItHasItsToken() throws Exception {
        TestAccount account = accounts.newcomer().account();
        List<Cancellable> taken = takeEveryPlace();
        try (Connection holder = hold(account)) {
            taken.remove(0).cancel();
            CompletableFuture<Answer> login = rest.call("POST", AUTH + "/login", null, right(account));
            Eventually.isTrue("the sign-in is to be stored", () -> new AccountRows(database).waiting() == 1);

            takePlace().ifPresent(free -> {
                free.cancel();
                fail("the place of the sign-in is free");
            });
            holder.rollback();

            assertEquals(200, login.get(30, TimeUnit.SECONDS).status());
        } finally {
            taken.forEach(Cancellable::cancel);
        }
    }

    /** No sign-in of the account is stored before this ends. */
    private Connection hold(TestAccount account) throws SQLException {
        Connection holder = database.getConnection();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute(
                    "select from account where account_id = '" + account.id().value() + "' for update");
        }
        return holder;
    }

    private static Map<String, Object> right(TestAccount account) {
        return Map.of(
                "username",
                account.username(),
                "auth_secret",
                Base64.getUrlEncoder().withoutPadding().encodeToString(account.authSecret()));
    }

    private List<Cancellable> takeEveryPlace() {
        List<Cancellable> taken = new ArrayList<>();
        Optional<Cancellable> place = takePlace();
        while (place.isPresent()) {
            taken.add(place.get());
            place = takePlace();
        }
        return taken;
    }

    private Optional<Cancellable> takePlace() {
        AtomicBoolean refused = new AtomicBoolean();
        Cancellable taken = work.admitted(place -> Uni.createFrom().nothing())
                .subscribe()
                .with(never -> {}, busy -> refused.set(true));
        return refused.get() ? Optional.empty() : Optional.of(taken);
    }
}
