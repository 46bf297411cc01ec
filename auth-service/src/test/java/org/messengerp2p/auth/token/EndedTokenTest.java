package org.messengerp2p.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.ShiftedClock;
import org.messengerp2p.testkit.AccountClient.SignedIn;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;
import org.messengerp2p.testkit.attack.BareCall;

/** Tokens that were good, and what they are answered when they are not any more. */
@QuarkusTest
class EndedTokenTest extends AuthServiceTest {
    @Inject
    ShiftedClock clock;

    @Inject
    @ReactiveDataSource("auth")
    Pool database;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void refusesAnExpiredTokenLikeAForgedOne() {
        String token = accounts.newcomer().tokens().auth();
        assertEquals(200, BareCall.bearer(vault(), token).status());

        clock.advance(Duration.ofMinutes(10));

        assertRefused(token);
    }

    @Test
    void refusesAPendingTokenThatWasEnded() {
        TestAccount account = accounts.newcomer().account();
        String token = accounts.pendingToken(account);
        assertEquals(200, BareCall.bearer(vault(), token).status());

        change("delete from pending_token where account_id = $1", account);

        assertRefused(token);
    }

    @Test
    void refusesTheTokensOfAnAccountThatIsGone() {
        SignedIn signedIn = accounts.newcomer();
        String pending = accounts.pendingToken(signedIn.account());
        assertEquals(200, BareCall.bearer(vault(), signedIn.tokens().auth()).status());

        change("delete from account where account_id = $1", signedIn.account());

        assertRefused(signedIn.tokens().auth());
        assertRefused(pending);
    }

    /** MP2P/1 §20 point 8: its holder proved once who it is, and goes on to ask why. */
    @Test
    void tellsARemovedDeviceThatItIsRemoved() {
        SignedIn signedIn = accounts.newcomer();
        TestAccount account = signedIn.account();
        TestDevice second = account.newDevice();
        byte[] both = account.listAfter(account.firstList(), account.device(), second);
        String pending = accounts.pendingToken(account);
        assertEquals(
                200, accounts.putDevices(pending, both, second.prekeys(1, 1)).status());
        String removed = accounts.tokens(second).auth();

        byte[] one = account.listAfter(both, account.device());
        assertEquals(
                200, accounts.putDevices(signedIn.tokens().auth(), one, null).status());

        var answer = rest.get(AUTH + "/vault", removed);
        assertEquals(401, answer.status());
        assertEquals("device-revoked", answer.problem());
        assertEquals("Bearer", answer.header("WWW-Authenticate").orElse(""));
    }

    /** The token that a removed device is given reads its own lists, and ends with the account. */
    @Test
    void refusesTheTokenOfARemovedDeviceWhenTheAccountIsGone() {
        SignedIn signedIn = accounts.newcomer();
        TestAccount account = signedIn.account();
        TestDevice second = account.newDevice();
        byte[] both = account.listAfter(account.firstList(), account.device(), second);
        accounts.putDevices(accounts.pendingToken(account), both, second.prekeys(1, 1));
        accounts.putDevices(signedIn.tokens().auth(), account.listAfter(both, account.device()), null);
        String narrow = accounts.refresh(second).text("token");
        URI lists = service.resolve(AUTH + "/accounts/" + account.id().base64url() + "/dlc");
        assertEquals(200, BareCall.bearer(lists, narrow).status());

        change("delete from account where account_id = $1", account);

        assertEquals(BareCall.get(lists), BareCall.bearer(lists, narrow));
    }

    private void change(String sql, TestAccount account) {
        database.preparedQuery(sql)
                .execute(Tuple.of(account.id().value()))
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    private void assertRefused(String token) {
        assertEquals(BareCall.get(vault()), BareCall.bearer(vault(), token));
    }

    private URI vault() {
        return service.resolve(AUTH + "/vault");
    }
}
