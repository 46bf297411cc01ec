package org.messengerp2p.standalone.inprocess;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.messengerp2p.signaling.presence.WatchPermission;

@QuarkusTest
class LocalWatchPermissionTest extends WatchPermissionContract {

    @Inject
    LocalWatchPermission permission;

    @Override
    WatchPermission permission() {
        return permission;
    }
}
