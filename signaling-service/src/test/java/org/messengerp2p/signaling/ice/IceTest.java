package org.messengerp2p.signaling.ice;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.TestTokens;

@QuarkusTest
class IceTest extends LiveSocketTest {

    private static final String ICE = "/api/signaling/v1/ice";

    private final Device alice = newDevice();

    @Test
    void thereAreNoServersUnlessTheyAreSet() {
        given().auth()
                .oauth2(token(alice))
                .get(ICE)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("ice_servers", hasSize(0))
                .body("expires_in", equalTo(21_600));
    }

    @Test
    void needsATokenOfThisService() {
        given().get(ICE).then().statusCode(401);
        given().auth()
                .oauth2(TestTokens.access(alice, Audience.AUTH))
                .get(ICE)
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:mp2p:problem:token-invalid"));
    }
}
