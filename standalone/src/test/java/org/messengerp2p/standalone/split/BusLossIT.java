package org.messengerp2p.standalone.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.RestClient;

/**
 * What the loss of the device bus costs is time: two replicas of signaling-service, each peer at the other, and the bus
 * killed at random again and again. {@code -Dbus.kills=30} for the full number, {@code -Dbus.seed=} to draw the same.
 */
class BusLossIT {

    private static final int DEVICES = 12;
    private static final long APART_MILLIS = 150;
    /** Messages that come through after each return of the bus, before the next kill. */
    private static final int BETWEEN = 40;

    /** Two seconds for the relay, forty for the longest poll, and what a busy machine takes. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final MessageLedger ledger = new MessageLedger();
    private final List<OnlineDevice> devices = new ArrayList<>();

    @Test
    void losingTheBusCostsDelayOnly() throws Exception {
        long seed = Long.getLong("bus.seed", ThreadLocalRandom.current().nextInt(1_000_000));
        int kills = Integer.getInteger("bus.kills", 3);
        Random random = new Random(seed);
        try (SplitForm form = new SplitForm(folder, 2)) {
            connect(form);
            sendAround();
            for (int kill = 0; kill < kills; kill++) {
                awaitRelay(BETWEEN);
                Thread.sleep(random.nextInt(500));
                form.bus().kill();
                Thread.sleep(200 + random.nextInt(3_000));
                form.bus().start();
            }
            awaitRelay(BETWEEN);
            for (OnlineDevice device : devices) {
                device.sendNoMore();
            }
            Eventually.isTrue("all have come", () -> ledger.committed() == ledger.sent());
            for (OnlineDevice device : devices) {
                device.leave();
            }
            System.out.printf(
                    "Bus loss: seed %d, %d kills, %d messages, %d taken by the relay, %d by the mailbox, %d came twice and"
                            + " were known, %d lost, longest delay in seconds: %s%n",
                    seed,
                    kills,
                    ledger.sent(),
                    taken(),
                    devices.stream().mapToInt(OnlineDevice::stored).sum(),
                    ledger.again(),
                    ledger.sent() - ledger.committed(),
                    ledger.longestByWay());
            assertEquals(List.of(), ledger.violations(), form::logs);
            assertTrue(ledger.longest().compareTo(LONGEST) < 0, ledger.longest()::toString);
        }
    }

    private void connect(SplitForm form) {
        AccountClient accounts = new AccountClient(new RestClient(form.auth().root()), "localhost");
        for (int number = 0; number < DEVICES; number++) {
            devices.add(new OnlineDevice(
                    number,
                    accounts.newcomer(),
                    form.mailbox().root(),
                    List.of(form.signaling().get(number % 2).root()),
                    ledger));
        }
    }

    /** Each to the next, which is at the other replica. */
    private void sendAround() {
        for (int number = 0; number < DEVICES; number++) {
            OnlineDevice peer = devices.get((number + 1) % DEVICES);
            devices.get(number).watch(peer);
            devices.get(number).sendTo(peer, APART_MILLIS);
        }
    }

    /** From replica to replica, so over the bus. */
    private void awaitRelay(int messages) throws Exception {
        int before = taken();
        Eventually.isTrue(
                "messages pass the bus",
                () -> taken() >= before + messages || !ledger.violations().isEmpty());
        assertEquals(List.of(), ledger.violations());
    }

    private int taken() {
        return devices.stream().mapToInt(OnlineDevice::taken).sum();
    }
}
