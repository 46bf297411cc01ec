package org.messengerp2p.mailbox.archive;

import org.messengerp2p.kit.identity.DeviceId;

/**
 * What one device writes under one backup key: a manifest and the segments that it names.
 *
 * @param device of the caller's account, listed or removed
 * @param gen generation of the backup key, a u32 from 1
 */
record Series(DeviceId device, long gen) {

    private static final long MAX_U32 = 0xFFFF_FFFFL;

    Series {
        if (gen < 1 || gen > MAX_U32) {
            throw new IllegalArgumentException("generations are counted from 1 to 4294967295");
        }
    }

    /** @throws IllegalArgumentException unless both are decimal as JSON writes a number */
    static Series parse(String device, String gen) {
        return new Series(new DeviceId(Place.number(device)), Place.number(gen));
    }

    @Override
    public String toString() {
        return "Series[…]";
    }
}
