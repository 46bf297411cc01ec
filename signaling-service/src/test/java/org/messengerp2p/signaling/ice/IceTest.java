package org.messengerp2p.signaling.ice;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.signaling.AuthDouble;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.TestTokens;

@QuarkusTest
class IceTest extends LiveSocketTest {

    private static final String ICE = "/api/signaling/v1/ice";

    private final Device alice = newDevice();

    AuthDouble auth;

    @Test
    void thereAreNoServersUnlessTheyAreSet() {
        given().auth()
                .oauth2(token(alice))
                .get(ICE)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("ice_servers", hasSize(0))
                .body("expires_in", equalTo(3_600));
    }

    @Test
    void aDeviceMayAskTwentyTimesAnHourAndAnotherGoesOn() {
        String token = token(alice);
        for (int times = 0; times < 20; times++) {
            given().auth().oauth2(token).get(ICE).then().statusCode(200);
        }

        given().auth()
                .oauth2(token)
                .get(ICE)
                .then()
                .statusCode(429)
                .header("Retry-After", Integer::parseInt, allOf(greaterThan(60), lessThanOrEqualTo(180)))
                .body("type", equalTo("urn:mp2p:problem:rate-limited"));
        given().auth().oauth2(token(deviceOf(alice.account()))).get(ICE).then().statusCode(200);
    }

    @Test
    void aRemovedDeviceIsToldSo() throws InterruptedException {
        given().auth().oauth2(token(alice)).get(ICE).then().statusCode(200);

        auth.remove(alice);
        auth.awaitTold();

        given().auth()
                .oauth2(token(alice))
                .get(ICE)
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:mp2p:problem:device-revoked"));
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
