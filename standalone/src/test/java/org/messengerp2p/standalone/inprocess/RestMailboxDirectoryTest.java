package org.messengerp2p.standalone.inprocess;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.messengerp2p.auth.device.MailboxDirectory;
import org.messengerp2p.auth.device.RestMailboxDirectory;

@QuarkusTest
class RestMailboxDirectoryTest extends MailboxDirectoryContract {

    @Inject
    RestMailboxDirectory directory;

    @Override
    MailboxDirectory directory() {
        return directory;
    }
}
