package org.messengerp2p.standalone.inprocess;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.messengerp2p.signaling.revocation.Revocations;

@QuarkusTest
class LocalRevocationsTest extends RevocationsContract {

    @Inject
    LocalRevocations revocations;

    @Override
    Revocations revocations() {
        return revocations;
    }
}
