package org.messengerp2p.signaling.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.messengerp2p.testkit.openapi.CheckedIn;

/** What is checked in of {@code /ws} is that of the code; web-ui's tests hold the page and the documents to it. */
class SocketContractTest {

    private static final Path CHECKED_IN = Path.of("../docs/protocol/ws.json");
    private static final Path MADE = Path.of("target/ws.json");
    private static final String UPDATE = "./mvnw -pl signaling-service -am test -Dtest=SocketContractTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -D" + CheckedIn.UPDATE + "=true";

    @Test
    void isWhatTheCodeHas() throws IOException {
        Files.writeString(MADE, SocketContract.asCoded().encodePrettily() + "\n");

        CheckedIn.requireSame(CHECKED_IN, MADE, UPDATE);
    }
}
