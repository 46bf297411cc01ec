package org.messengerp2p.auth.prekey;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Answer of {@code GET /accounts/{id}/bundle}: the list, and keys of the devices that can be reached. */
record Bundle(@Schema(ref = "DeviceList") byte[] dlc, List<DeviceKeys> devices) {}
