package org.messengerp2p.signaling.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;
import org.messengerp2p.testkit.attack.Attack;
import org.messengerp2p.testkit.attack.BareCall;
import org.messengerp2p.testkit.attack.TokenAttacks;
import org.messengerp2p.testkit.attack.TokenForge;

/** The attacks that auth-service withstands, here: whatever is wrong, the answer is the same to the last byte. */
@QuarkusTest
class TokenAttacksTest extends LiveSocketTest {
    @TestHTTPResource("/api/signaling/v1/ice")
    URI ice;

    private final TokenForge forge = TestTokens.forge(newDevice(), Audience.SIGNALING);

    @Test
    void answersAllByOneRefusal() {
        BareCall.Answer refused = BareCall.get(ice);

        List<String> answeredOtherwise = TokenAttacks.inHeaders(forge)
                .filter(attack -> !BareCall.bearer(ice, attack.token()).equals(refused))
                .map(Attack::name)
                .toList();

        assertEquals(401, refused.status());
        assertEquals(List.of(), answeredOtherwise);
        assertEquals(200, BareCall.bearer(ice, forge.good()).status());
    }

    /** A handshake is a call like any other until it is answered. */
    @Test
    void opensNoSocketForAnyOfThem() {
        List<String> answeredOtherwise = TokenAttacks.inHeaders(forge)
                .filter(attack -> handshake(attack.token()) != 401)
                .map(Attack::name)
                .toList();

        assertEquals(List.of(), answeredOtherwise);
    }

    private int handshake(String token) {
        return SocketProbe.refusal(ws(), token, SocketProbe.originOf(ws()));
    }
}
