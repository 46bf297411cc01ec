package org.messengerp2p.signaling.ice;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.messengerp2p.kit.identity.Device;

/**
 * The TURN name of each device, in the memory of this replica alone. A device has the same one until shortly before it
 * ends, since the TURN server's quota is one for each name. The TURN server logs the name, so the part after the colon
 * is random and leads to nobody.
 */
final class TurnNames {

    private static final int RANDOM_BYTES = 16;
    /** So much of its life, a twelfth, a name has left when the next one takes its place. */
    private static final int LEAST_LEFT = 12;

    private final Duration life;
    private final int mostDevices;
    private final SecureRandom random = new SecureRandom();
    /** In the order in which they end. */
    private final Map<Device, Name> names = new LinkedHashMap<>();

    /** @param mostDevices beyond that many, the name that ends first is forgotten */
    TurnNames(Duration life, int mostDevices) {
        this.life = life;
        this.mostDevices = mostDevices;
    }

    record Name(Instant end, String random) {

        /** As the TURN server reads it (draft-uberti-behave-turn-rest-00): when it ends, in seconds, and the rest. */
        String text() {
            return end.getEpochSecond() + ":" + random;
        }

        /** Tells nothing: who sees it knows whose relays these are. */
        @Override
        public String toString() {
            return "Name[…]";
        }
    }

    synchronized Name of(Device device, Instant now) {
        Name present = names.get(device);
        if (present != null && Duration.between(now, present.end()).compareTo(life.dividedBy(LEAST_LEFT)) > 0) {
            return present;
        }
        // Removed first, so that it is last again.
        names.remove(device);
        Name next = new Name(now.plus(life), random());
        names.put(device, next);
        forget(now);
        return next;
    }

    private void forget(Instant now) {
        Iterator<Name> first = names.values().iterator();
        while (first.hasNext()) {
            if (first.next().end().isAfter(now) && names.size() <= mostDevices) {
                return;
            }
            first.remove();
        }
    }

    private String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
