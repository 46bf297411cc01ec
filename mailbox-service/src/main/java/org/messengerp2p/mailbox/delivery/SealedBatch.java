package org.messengerp2p.mailbox.delivery;

import java.util.ArrayList;
import java.util.List;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.EnvelopeId;
import org.messengerp2p.mailbox.sealing.EnvelopeSeal;

/**
 * A batch as it goes to the database.
 *
 * @param items in the order of the batch
 */
record SealedBatch(Batch batch, List<Item> items) {

    /** @param size of the envelope as it came, in bytes */
    record Item(long device, EnvelopeId id, int size, byte[] sealed) {}

    static SealedBatch of(Batch batch, EnvelopeSeal seal) {
        List<Item> items = new ArrayList<>(batch.envelopes().size());
        for (AddressedEnvelope addressed : batch.envelopes()) {
            EnvelopeId id = EnvelopeId.of(addressed.envelope());
            Device recipient = new Device(batch.to(), addressed.deviceId());
            byte[] sealed = seal.seal(recipient, id, addressed.envelope());
            items.add(new Item(addressed.deviceId().value(), id, addressed.envelope().length, sealed));
        }
        return new SealedBatch(batch, items);
    }

    /** Whether it brings several envelopes to one device. */
    boolean bringsADeviceSeveral() {
        return items.size() > 1 && items.stream().map(Item::device).distinct().count() < items.size();
    }
}
