package org.messengerp2p.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.ShiftedClock;
import org.messengerp2p.testkit.TestAccount;

@QuarkusTest
class PendingTokensTest extends AuthServiceTest {
    @Inject
    PendingTokens tokens;

    @Inject
    ShiftedClock clock;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void forgetsAfterAnHourAndNotBefore() throws Throwable {
        TestAccount account = accounts.newcomer().account();
        accounts.pendingToken(account);

        clock.advance(Duration.ofMinutes(59));
        VertxContextSupport.subscribeAndAwait(tokens::forgetEnded);
        long before = kept(account);
        clock.advance(Duration.ofMinutes(2));
        VertxContextSupport.subscribeAndAwait(tokens::forgetEnded);

        assertEquals(1, before);
        assertEquals(0, kept(account));
    }

    private long kept(TestAccount account) throws Throwable {
        return VertxContextSupport.subscribeAndAwait(() ->
                Panache.withSession(() -> tokens.count("accountId", account.id().value())));
    }
}
