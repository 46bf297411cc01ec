package org.messengerp2p.signaling.openapi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.http.OpenApiDocument;
import org.messengerp2p.signaling.LiveSocketTest;
import org.messengerp2p.testkit.RestClient;
import org.messengerp2p.testkit.RestClient.Answer;
import org.messengerp2p.testkit.openapi.CheckedIn;

/** The OpenAPI document is that of the code, and is served. */
@QuarkusTest
class OpenApiTest extends LiveSocketTest {

    private static final Path CHECKED_IN = Path.of("src/main/resources/openapi/signaling-service.json");
    private static final Path MADE = Path.of("target/openapi/generated.json");
    private static final String UPDATE = "./mvnw -pl signaling-service -am test -Dtest=OpenApiTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -D" + CheckedIn.UPDATE + "=true";

    @TestHTTPResource("/")
    URI root;

    @Test
    void isWhatTheCodeHas() throws IOException {
        CheckedIn.requireSame(CHECKED_IN, MADE, UPDATE);
    }

    @Test
    void isServed() {
        Answer served = new RestClient(root).get("/api/signaling/v1/openapi", null);

        assertEquals(200, served.status());
        assertArrayEquals(
                OpenApiDocument.of("signaling-service"),
                served.response().body().getBytes(StandardCharsets.UTF_8));
    }
}
