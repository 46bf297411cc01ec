package org.messengerp2p.standalone.inprocess;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.messengerp2p.mailbox.delivery.DeviceLists;

@QuarkusTest
class LocalDeviceListsTest extends DeviceListsContract {

    @Inject
    LocalDeviceLists lists;

    @Override
    DeviceLists lists() {
        return lists;
    }
}
