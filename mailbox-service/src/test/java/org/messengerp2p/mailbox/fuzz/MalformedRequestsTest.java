package org.messengerp2p.mailbox.fuzz;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.testkit.fuzz.RefusedRequests;
import org.messengerp2p.testkit.openapi.ApiDocument;

@QuarkusTest
class MalformedRequestsTest extends MailboxTest {
    @Test
    void areRefusedByProblemsOfTheDocumentAndLeaveTheHeapFlat() {
        String token = MailboxApi.tokenOf(newListedDevice());

        new RefusedRequests(root, ApiDocument.of("mailbox-service"), token).require();
    }
}
