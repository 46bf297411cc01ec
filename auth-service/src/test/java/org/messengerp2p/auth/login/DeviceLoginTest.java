package org.messengerp2p.auth.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.TestAccount;
import org.messengerp2p.testkit.TestDevice;

@QuarkusTest
class DeviceLoginTest extends AuthServiceTest {
    @Test
    void givesOneTokenForEachService() throws Exception {
        TestDevice device = accounts.newcomer().account().device();

        Answer answer = accounts.refresh(device);

        assertEquals(200, answer.status());
        assertEquals(600, answer.body().path("expires_in").asInt());
        for (String audience : List.of("auth", "mailbox", "signaling")) {
            String token = answer.body().at("/tokens/" + audience).asText();
            JsonNode header = part(token, 0);
            JsonNode claims = part(token, 1);
            assertEquals("PS256", header.path("alg").asText());
            assertTrue(header.hasNonNull("kid"));
            assertEquals("mp2p", claims.path("iss").asText());
            assertEquals(audience, claims.path("aud").asText());
            assertEquals(
                    device.device().account().base64url(), claims.path("sub").asText());
            assertEquals(device.id().value(), claims.path("device").asLong());
            assertEquals(600, claims.path("exp").asLong() - claims.path("iat").asLong());
            assertTrue(claims.hasNonNull("jti"));
        }
    }

    @Test
    void acceptsANonceOnce() {
        TestDevice device = accounts.newcomer().account().device();
        Answer challenge = accounts.challenge(device);

        assertEquals(200, accounts.refresh(device, challenge).status());
        Answer again = accounts.refresh(device, challenge);

        assertEquals(401, again.status());
        assertEquals("challenge-invalid", again.problem());
    }

    @Test
    void acceptsANonceOnceOfManyAtOnce() {
        TestDevice device = accounts.newcomer().account().device();
        Answer challenge = accounts.challenge(device);

        long accepted = List.of(1, 2, 3, 4, 5, 6).parallelStream()
                .map(i -> accounts.refresh(device, challenge))
                .filter(answer -> answer.status() == 200)
                .count();

        assertEquals(1, accepted);
    }

    @Test
    void refusesAnotherDevicesSignatureAndAnotherServersName() {
        TestAccount account = accounts.newcomer().account();
        TestDevice impostor = account.newDevice(account.device().id());
        TestDevice stranger = account.newDevice();

        Answer forged = accounts.refresh(impostor);
        Answer unknown = accounts.refresh(stranger);
        Answer elsewhere = new AccountClient(rest, "evil.example").refresh(account.device());

        assertEquals("challenge-invalid", forged.problem());
        assertEquals(forged.body(), unknown.body());
        assertEquals(forged.body(), elsewhere.body());
    }

    @Test
    void answersAChallengeForUnknownDevicesAlike() {
        TestDevice known = accounts.newcomer().account().device();
        TestDevice unknown = TestAccount.anybody().device();

        Answer ofKnown = accounts.challenge(known);
        Answer ofUnknown = accounts.challenge(unknown);

        assertEquals(names(ofKnown), names(ofUnknown));
        assertEquals(32, ofUnknown.bytes("nonce").length);
        assertTrue(
                Math.abs(ofUnknown.body().path("expiry_ms").asLong() - System.currentTimeMillis() - 60_000) < 20_000);
    }

    @Test
    void keepsTheFourNewestNoncesOfADevice() throws Exception {
        TestDevice device = accounts.newcomer().account().device();
        List<Answer> challenges = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            challenges.add(accounts.challenge(device));
            while (System.currentTimeMillis() + 60_000
                    <= challenges.get(i).body().path("expiry_ms").asLong()) {
                Thread.onSpinWait();
            }
        }

        assertEquals(
                "challenge-invalid", accounts.refresh(device, challenges.get(0)).problem());
        assertEquals(200, accounts.refresh(device, challenges.get(1)).status());
        assertEquals(200, accounts.refresh(device, challenges.get(4)).status());
    }

    private static List<String> names(Answer answer) {
        List<String> names = new ArrayList<>();
        answer.body().fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode part(String token, int part) throws Exception {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[part]));
    }
}
