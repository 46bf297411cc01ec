package org.messengerp2p.standalone.inprocess;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.messengerp2p.auth.device.MailboxDirectory;

@QuarkusTest
class LocalMailboxDirectoryTest extends MailboxDirectoryContract {

    @Inject
    LocalMailboxDirectory directory;

    @Override
    MailboxDirectory directory() {
        return directory;
    }
}
