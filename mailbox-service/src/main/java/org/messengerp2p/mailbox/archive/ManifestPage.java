package org.messengerp2p.mailbox.archive;

import java.util.List;
import org.messengerp2p.kit.identity.DeviceId;

/**
 * Answer to {@code GET /archive/manifests}.
 *
 * @param next where the next page begins; null at the end
 */
record ManifestPage(List<Item> manifests, String next) {

    /** @param manifest null where the server has no key that opens it: its writer replaces it by the next number */
    record Item(DeviceId deviceId, long gen, long manNo, byte[] manifest) {}
}
