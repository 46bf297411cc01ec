package org.messengerp2p.auth.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.MailboxProbe;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.testkit.AccountClient.SignedIn;

@QuarkusTest
class DirectoryNoticesTest extends AuthServiceTest {
    @Inject
    DirectoryNotices notices;

    /** A replica has handed over a list, and is told that it arrived when the account has ended meanwhile. */
    @Test
    void keepsTheEndOfAnAccountWhenAListIsAcceptedLate() throws Throwable {
        MailboxProbe.refuse(true);
        try {
            SignedIn person = accounts.newcomer();
            AccountId account = person.account().id();
            DirectoryNotice list = waitingFor(account).orElseThrow();
            assertEquals(
                    204,
                    accounts.deleteAccount(
                                    person.tokens().auth(), person.account().authSecret())
                            .status());

            VertxContextSupport.subscribeAndAwait(() -> notices.accepted(list));
            boolean claimed = VertxContextSupport.subscribeAndAwait(() -> notices.claim(list, Duration.ofSeconds(1)));

            assertFalse(claimed, "nor is the list tried again");
            assertTrue(waitingFor(account).orElseThrow().isEnd());
        } finally {
            MailboxProbe.refuse(false);
        }
    }

    private Optional<DirectoryNotice> waitingFor(AccountId account) throws Throwable {
        return VertxContextSupport.subscribeAndAwait(() -> notices.waitingFor(account));
    }
}
