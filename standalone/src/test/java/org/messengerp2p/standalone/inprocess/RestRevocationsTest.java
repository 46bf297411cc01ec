package org.messengerp2p.standalone.inprocess;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.messengerp2p.signaling.revocation.RestRevocations;
import org.messengerp2p.signaling.revocation.Revocations;

@QuarkusTest
class RestRevocationsTest extends RevocationsContract {

    @Inject
    RestRevocations revocations;

    @Override
    Revocations revocations() {
        return revocations;
    }
}
