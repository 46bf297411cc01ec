package org.messengerp2p.auth.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        Answer earlier = accounts.challenge(device);
        clock.advance(Duration.ofSeconds(30));
        Answer later = accounts.challenge(device);
        assertTrue(isKept(earlier));
        clock.advance(Duration.ofSeconds(40));

        VertxContextSupport.subscribeAndAwait(nonces::forgetExpired);

        assertFalse(isKept(earlier));
        assertTrue(isKept(later));
        assertEquals(200, accounts.refresh(device, later).status());
    }

    private boolean isKept(Answer challenge) throws Throwable {
        return VertxContextSupport.subscribeAndAwait(
                        () -> Panache.withSession(() -> nonces.count("nonce", challenge.bytes("nonce"))))
                == 1;
    }
}
