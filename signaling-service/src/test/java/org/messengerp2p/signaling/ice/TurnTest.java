package org.messengerp2p.signaling.ice;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.LiveSocketTest;

@QuarkusTest
@TestProfile(TurnTest.WithServers.class)
class TurnTest extends LiveSocketTest {

    private static final String SECRET = "the TURN server knows it too";

    private final Device alice = newDevice();

    public static class WithServers implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.signaling.ice.stun-uris",
                    "stun:turn.example.org:3478",
                    "mp2p.signaling.ice.turn-uris",
                    "turn:turn.example.org:3478?transport=udp,turn:turn.example.org:3478?transport=tcp,"
                            + "turns:turn.example.org:5349?transport=tcp",
                    "mp2p.signaling.ice.turn-secret-file",
                    secretFile().toString(),
                    "mp2p.signaling.ice.credential-life",
                    "PT30M");
        }

        private static Path secretFile() {
            try {
                Path file = Files.createTempFile("turn", ".secret");
                file.toFile().deleteOnExit();
                return Files.writeString(file, SECRET + "\n");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    @Test
    void givesTheServersOfTheSettings() {
        JsonPath ice = ice();

        assertEquals(1800, ice.getInt("expires_in"));
        assertEquals(List.of("stun:turn.example.org:3478"), ice.getList("ice_servers[0].urls"));
        assertFalse(ice.getMap("ice_servers[0]").containsKey("credential"));
        assertEquals(
                List.of(
                        "turn:turn.example.org:3478?transport=udp",
                        "turn:turn.example.org:3478?transport=tcp",
                        "turns:turn.example.org:5349?transport=tcp"),
                ice.getList("ice_servers[1].urls"));
    }

    @Test
    void theCredentialIsTheNamesHmacAndEndsWhenItSays() throws GeneralSecurityException {
        JsonPath ice = ice();
        String name = ice.getString("ice_servers[1].username");

        assertEquals(hmac(name), ice.getString("ice_servers[1].credential"));
        long left = Long.parseLong(name.substring(0, name.indexOf(':')))
                - Instant.now().getEpochSecond();
        assertTrue(left > 1740 && left <= 1800, "ends in " + left + " s");
    }

    /** The TURN server's quota is one for each name. */
    @Test
    void aDeviceIsGivenTheSameNameAgain() {
        String first = name(ice());
        JsonPath again = ice();

        assertEquals(first, name(again));
        assertTrue(again.getInt("expires_in") <= 1800);
    }

    @Test
    void theNameLeadsToNobody() {
        String first = namePart(ice());
        String second = namePart(ice(deviceOf(alice.account())));

        assertNotEquals(first, second);
        assertEquals(16, Base64.getUrlDecoder().decode(first).length);
        assertNotEquals(alice.account().base64url(), first);
    }

    private JsonPath ice() {
        return ice(alice);
    }

    private static JsonPath ice(Device device) {
        return given().auth()
                .oauth2(token(device))
                .get("/api/signaling/v1/ice")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static String name(JsonPath ice) {
        return ice.getString("ice_servers[1].username");
    }

    private static String namePart(JsonPath ice) {
        String name = name(ice);
        return name.substring(name.indexOf(':') + 1);
    }

    private static String hmac(String name) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        return Base64.getEncoder().encodeToString(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
    }
}
