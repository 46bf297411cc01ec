package org.messengerp2p.kit.http;

import java.util.HashMap;
import java.util.Map;
import org.messengerp2p.kit.limit.AddressPrefix;

/**
 * Bytes of request bodies that are in hand, bounded in all and by address. A body is let in whole or not at all: if each
 * were let in as it came, many would fill the room together and none would be finished. A quarter of the room is for
 * small bodies alone, so that a few large ones do not hold up what most requests are.
 */
final class BodyBudget {

    static final long SMALL = 64 * 1024;

    private final long mostInAll;
    private final long mostByAddress;
    private final Map<AddressPrefix, Long> heldByAddress = new HashMap<>();
    private long held;

    BodyBudget(long mostInAll, long mostByAddress) {
        this.mostInAll = mostInAll;
        this.mostByAddress = mostByAddress;
    }

    /** @return whether there is room; what was taken must be given back */
    synchronized boolean take(AddressPrefix from, long bytes) {
        long byAddress = heldByAddress.getOrDefault(from, 0L);
        long most = bytes > SMALL ? mostInAll / 4 * 3 : mostInAll;
        if (held + bytes > most || byAddress + bytes > mostByAddress) {
            return false;
        }
        held += bytes;
        heldByAddress.put(from, byAddress + bytes);
        return true;
    }

    synchronized void giveBack(AddressPrefix from, long bytes) {
        held -= bytes;
        heldByAddress.computeIfPresent(from, (key, sum) -> sum == bytes ? null : sum - bytes);
    }

    synchronized long held() {
        return held;
    }

    synchronized int addresses() {
        return heldByAddress.size();
    }
}
