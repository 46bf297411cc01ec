package org.messengerp2p.auth.prekey;

import java.util.List;

/** Answer of {@code GET /accounts/{id}/bundle}: the list, and keys of the devices that can be reached. */
record Bundle(byte[] dlc, List<DeviceKeys> devices) {}
