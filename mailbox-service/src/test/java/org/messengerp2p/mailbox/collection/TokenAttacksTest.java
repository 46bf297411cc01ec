package org.messengerp2p.mailbox.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.testkit.TestTokens;
import org.messengerp2p.testkit.attack.Attack;
import org.messengerp2p.testkit.attack.BareCall;
import org.messengerp2p.testkit.attack.TokenAttacks;
import org.messengerp2p.testkit.attack.TokenForge;

/** The attacks that auth-service withstands, here: whatever is wrong, the answer is the same to the last byte. */
@QuarkusTest
class TokenAttacksTest extends MailboxTest {
    @TestHTTPResource("/api/mailbox/v1/collect")
    URI collect;

    @Test
    void answersAllByOneRefusal() {
        TokenForge forge = TestTokens.forge(newListedDevice(), Audience.MAILBOX);
        BareCall.Answer refused = BareCall.get(collect);

        List<String> answeredOtherwise = TokenAttacks.inHeaders(forge)
                .filter(attack -> !BareCall.bearer(collect, attack.token()).equals(refused))
                .map(Attack::name)
                .toList();

        assertEquals(401, refused.status());
        assertEquals(List.of(), answeredOtherwise);
        assertEquals(200, BareCall.bearer(collect, forge.good()).status());
    }

    /** Narrow tokens are auth-service's own business. */
    @Test
    void takesNarrowTokensForThoseOfAnotherService() {
        TokenForge forge = TestTokens.forge(newListedDevice(), Audience.MAILBOX);

        assertEquals(BareCall.get(collect), BareCall.bearer(collect, forge.withAudience(Audience.AUTH_REVOKED)));
    }
}
