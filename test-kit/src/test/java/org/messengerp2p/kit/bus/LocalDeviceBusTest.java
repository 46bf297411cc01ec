package org.messengerp2p.kit.bus;

class LocalDeviceBusTest extends DeviceBusContract {

    private final DeviceBus bus = new LocalDeviceBus();

    @Override
    protected DeviceBus here() {
        return bus;
    }

    @Override
    protected DeviceBus there() {
        return bus;
    }
}
