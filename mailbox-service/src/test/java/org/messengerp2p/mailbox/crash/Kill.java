package org.messengerp2p.mailbox.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One kill, drawn in advance.
 *
 * @param duringStart whether {@code after} counts from the kill before and not from when all was ready again and messages
 *     flowed
 */
record Kill(Victim victim, boolean duringStart, Duration after) {

    private static final List<Victim> OF_DATABASE =
            List.of(Victim.EVERY_POSTGRES_PROCESS, Victim.POSTMASTER, Victim.IMMEDIATE_SHUTDOWN);
    private static final int DURING_START_PERCENT = 20;
    private static final int LONGEST_MILLIS = 1500;

    /** Mixed, and with each way to kill the database as often as the others. */
    static List<Kill> draw(Random random, int ofService, int ofDatabase) {
        List<Victim> victims = new ArrayList<>(Collections.nCopies(ofService, Victim.SERVICE));
        for (int i = 0; i < ofDatabase; i++) {
            victims.add(OF_DATABASE.get(i % OF_DATABASE.size()));
        }
        Collections.shuffle(victims, random);
        return victims.stream().map(victim -> drawFor(victim, random)).toList();
    }

    private static Kill drawFor(Victim victim, Random random) {
        return new Kill(
                victim, random.nextInt(100) < DURING_START_PERCENT, Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
    }
}
