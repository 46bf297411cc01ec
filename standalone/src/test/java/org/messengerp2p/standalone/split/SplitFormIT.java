package org.messengerp2p.standalone.split;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.standalone.FirstJourney;

/** What two people's clients call, and the end of a removed device, by services that know each other by address alone. */
class SplitFormIT {

    @TempDir
    static Path folder;

    private static SplitForm form;

    @BeforeAll
    static void start() throws Exception {
        form = new SplitForm(folder, 1);
    }

    @AfterAll
    static void stop() {
        if (form != null) {
            form.close();
        }
    }

    @Test
    void runsTheFirstJourney() throws IOException {
        try {
            journey().run();
        } catch (AssertionError failure) {
            throw new AssertionError(form.logs(), failure);
        }
    }

    @Test
    void knowsEverySettingThatItIsGiven() throws IOException {
        for (ServiceProcess service : form.services()) {
            String logged = service.log();

            assertTrue(logged.contains("Installed features"), logged);
            assertFalse(logged.contains("Unrecognized configuration key"), logged);
        }
    }

    /** By the question that signaling-service asks every 5 s; a socket is waited for no longer than 10 s. */
    @Test
    @Timeout(60)
    void endsTheConnectionOfARemovedDeviceWithoutTheBus() throws Exception {
        Map<ServiceProcess, Long> before = new HashMap<>();
        for (ServiceProcess service : form.services()) {
            before.put(service, timesConnected(service));
        }
        form.bus().kill();
        try {
            journey().endsTheConnectionOfARemovedDevice();
        } finally {
            form.bus().start();
        }

        // The other tests need it.
        for (ServiceProcess service : before.keySet()) {
            while (timesConnected(service) == before.get(service)) {
                Thread.sleep(50);
            }
        }
    }

    private static long timesConnected(ServiceProcess service) throws IOException {
        return service.log()
                .lines()
                .filter(line -> line.contains("The device bus is connected."))
                .count();
    }

    private static FirstJourney journey() {
        return new FirstJourney(
                form.auth().root(),
                form.mailbox().root(),
                form.signaling().get(0).root());
    }
}
