package org.messengerp2p.mailbox.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.http.OpenApiDocument;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.testkit.openapi.CheckedIn;

/** The OpenAPI document is that of the code, and is served. */
@QuarkusTest
class OpenApiTest extends MailboxTest {
    private static final Path CHECKED_IN = Path.of("src/main/resources/openapi/mailbox-service.json");
    private static final Path MADE = Path.of("target/openapi/generated.json");
    private static final String UPDATE = "./mvnw -pl mailbox-service -am test -Dtest=OpenApiTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -D" + CheckedIn.UPDATE + "=true";

    @Test
    void isWhatTheCodeHas() throws IOException {
        CheckedIn.requireSame(CHECKED_IN, MADE, UPDATE);
    }

    @Test
    void isServed() throws IOException {
        Answer served = api.get("openapi", null).is(200);

        assertEquals(json(OpenApiDocument.of("mailbox-service")), served.body());
    }

    private static JsonNode json(byte[] document) throws IOException {
        return new ObjectMapper().readTree(document);
    }
}
