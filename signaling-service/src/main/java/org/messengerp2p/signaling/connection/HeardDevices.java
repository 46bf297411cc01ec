package org.messengerp2p.signaling.connection;

import java.util.LinkedHashMap;
import java.util.Map;
import org.messengerp2p.kit.identity.Device;

/** The devices heard from last, at most so many; the one heard from longest ago is forgotten first. */
final class HeardDevices {

    private final Map<Device, Boolean> byLastHeard;

    HeardDevices(int most) {
        this.byLastHeard = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Device, Boolean> eldest) {
                return size() > most;
            }
        };
    }

    synchronized void add(Device device) {
        byLastHeard.put(device, Boolean.TRUE);
    }

    synchronized boolean contains(Device device) {
        return byLastHeard.containsKey(device);
    }
}
