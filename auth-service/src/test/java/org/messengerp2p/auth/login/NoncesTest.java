package org.messengerp2p.auth.login;

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
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class NoncesTest extends AuthServiceTest {
    @Inject
    Nonces nonces;

    @Inject
    ShiftedClock clock;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void refusesANonceThatHasExpired() {
        TestDevice device = accounts.newcomer().account().device();
        Answer challenge = accounts.challenge(device);

        clock.advance(Duration.ofSeconds(61));

        assertEquals("challenge-invalid", accounts.refresh(device, challenge).problem());
    }

    @Test
    void forgetsWhatHasExpiredAndNothingElse() throws Throwable {
        TestDevice device = accounts.newcomer().account().device();
        accounts.challenge(device);
        clock.advance(Duration.ofSeconds(30));
        Answer later = accounts.challenge(device);
        assertEquals(2, kept(device));
        clock.advance(Duration.ofSeconds(40));

        VertxContextSupport.subscribeAndAwait(nonces::forgetExpired);

        assertEquals(1, kept(device));
        assertEquals(200, accounts.refresh(device, later).status());
    }

    private long kept(TestDevice device) throws Throwable {
        return VertxContextSupport.subscribeAndAwait(() -> Panache.withSession(
                () -> nonces.count("accountId", device.device().account().value())));
    }
}
