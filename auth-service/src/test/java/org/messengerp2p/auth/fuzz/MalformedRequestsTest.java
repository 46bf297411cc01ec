package org.messengerp2p.auth.fuzz;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.testkit.fuzz.RefusedRequests;

@QuarkusTest
class MalformedRequestsTest extends AuthServiceTest {
    @Test
    void areRefusedByProblemsOfTheDocumentAndLeaveTheHeapFlat() {
        String token = accounts.newcomer().tokens().auth();

        new RefusedRequests(service, DOCUMENT, token).require();
    }
}
