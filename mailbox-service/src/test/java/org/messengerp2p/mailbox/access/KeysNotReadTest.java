package org.messengerp2p.mailbox.access;

import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.PublishedKeys;
import org.messengerp2p.kit.identity.TokenSettings;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.MailboxTest;

/** Calls that come to a service which has just started and has not read the token keys yet. */
@QuarkusTest
class KeysNotReadTest extends MailboxTest {

    @Inject
    Vertx vertx;

    @Inject
    TokenSettings settings;

    private final Device bob = newDevice();

    @BeforeEach
    void forgetTheKeys() {
        QuarkusMock.installMockForType(new PublishedKeys(vertx, settings), PublishedKeys.class);
    }

    @Test
    void aGoodTokenIsNotCalledInvalid() {
        api.collect(bob).isProblem(503, "unavailable");
        api.ack(bob, List.of()).isProblem(503, "unavailable");
        api.messages(bob, bob.account(), 1, Addressed.to(bob, random(10))).isProblem(503, "unavailable");
    }

    @Test
    void whatIsNoTokenIsStillRefused() {
        api.post("ack", "nonsense", "{}").isProblem(401, "token-invalid");
        api.post("ack", null, "{}").isProblem(401, "token-invalid");
    }
}
