package org.messengerp2p.standalone.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.testkit.AccountClient;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.RestClient;

/**
 * What a rolling restart costs is time: of two replicas of signaling-service first one and then the other is stopped and
 * started anew, under load. Its devices come back to the other one meanwhile, and go on there. Two nodes of the device bus
 * share out the accounts, and all services know which has whose.
 */
class RollIT {

    private static final int DEVICES = 12;
    private static final long APART_MILLIS = 150;
    /** Messages from socket to socket before, between and after. */
    private static final int BETWEEN = 60;

    /** In seconds, over which devices spread their return. */
    private static final int SPREAD = 4;

    private static final Map<String, String> SETTINGS =
            Map.of("mp2p.signaling.drain.window", "PT2S", "mp2p.signaling.reconnect-window", "PT" + SPREAD + "S");

    /** The return, two seconds for the relay, forty for the longest poll, and what a busy machine takes. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final MessageLedger ledger = new MessageLedger();
    private final List<OnlineDevice> devices = new ArrayList<>();

    @Test
    void aRollingRestartCostsDelayOnly() throws Exception {
        try (SplitForm form = new SplitForm(folder, 2, 2, SETTINGS)) {
            connect(form);
            sendAround();
            awaitRelay(form);

            // Half of them are at the first; then all of them at the second.
            roll(form, 0, DEVICES / 2);
            roll(form, 1, DEVICES / 2 + DEVICES);
            awaitHints(form);

            for (OnlineDevice device : devices) {
                device.sendNoMore();
            }
            Eventually.isTrue("all have come", () -> ledger.committed() == ledger.sent());
            for (OnlineDevice device : devices) {
                device.leave();
            }
            System.out.printf(
                    "Roll: %d messages, %d taken by the relay, %d by the mailbox, %d came twice and were known, %d lost,"
                            + " longest delay in seconds: %s%n",
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

    private void roll(SplitForm form, int replica, int returns) throws Exception {
        form.restartSignaling(replica);
        await(form, "all are back", () -> returns() == returns);
        awaitRelay(form);
        assertEquals(returns, returns(), "nobody is sent away but by the one that stops");
    }

    private void connect(SplitForm form) {
        AccountClient accounts = new AccountClient(new RestClient(form.auth().root()), "localhost");
        List<URI> replicas = form.signaling().stream().map(ServiceProcess::root).toList();
        for (int number = 0; number < DEVICES; number++) {
            List<URI> homeFirst = List.of(replicas.get(number % 2), replicas.get(1 - number % 2));
            devices.add(
                    new OnlineDevice(number, accounts.newcomer(), form.mailbox().root(), homeFirst, ledger));
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

    private void awaitRelay(SplitForm form) throws Exception {
        int before = taken();
        await(form, "messages go from socket to socket", () -> taken() >= before + BETWEEN);
    }

    /** Each is told of mail at the replica that it has come back to. */
    private void awaitHints(SplitForm form) throws Exception {
        List<Integer> before = devices.stream().map(OnlineDevice::hints).toList();
        await(
                form,
                "all are told of mail again",
                () -> IntStream.range(0, DEVICES)
                        .allMatch(number -> devices.get(number).hints() > before.get(number)));
    }

    private void await(SplitForm form, String what, BooleanSupplier come) throws Exception {
        Eventually.isTrue(
                what, () -> come.getAsBoolean() || !ledger.violations().isEmpty());
        assertEquals(List.of(), ledger.violations(), form::logs);
    }

    private int returns() {
        return devices.stream().mapToInt(OnlineDevice::returns).sum();
    }

    private int taken() {
        return devices.stream().mapToInt(OnlineDevice::taken).sum();
    }
}
