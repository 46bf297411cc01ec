package org.messengerp2p.standalone.inprocess;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.messengerp2p.mailbox.delivery.DeviceLists;
import org.messengerp2p.mailbox.delivery.RestDeviceLists;

@QuarkusTest
class RestDeviceListsTest extends DeviceListsContract {

    @Inject
    RestDeviceLists lists;

    @Override
    DeviceLists lists() {
        return lists;
    }
}
