package org.messengerp2p.kit.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.bus.valkey.BusOfReplica;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.testkit.Eventually;
import org.messengerp2p.testkit.ValkeyServer;

/** Two processes around three nodes, which they were told in different orders; and what goes on without one of them. */
class ValkeyNodesBusTest extends DeviceBusContract {

    private static final Map<String, String> QUICK = Map.of(
            "mp2p.bus.first-retry", "PT0.05S",
            "mp2p.bus.longest-retry", "PT0.2S");

    private static List<ValkeyServer> servers;

    private BusOfReplica here;
    private BusOfReplica there;

    @BeforeAll
    static void start() {
        servers = Stream.generate(ValkeyServer::started).limit(3).toList();
    }

    @AfterAll
    static void stop() {
        servers.forEach(ValkeyServer::close);
    }

    @BeforeEach
    void connect() throws InterruptedException {
        here = new BusOfReplica(servers, QUICK);
        there = new BusOfReplica(List.of(servers.get(2), servers.get(0), servers.get(1)), QUICK);
        Eventually.isTrue("all nodes are connected", () -> here.up() + there.up() == 6);
    }

    @AfterEach
    void end() {
        here.close();
        there.close();
    }

    @Override
    protected DeviceBus here() {
        return here.bus();
    }

    @Override
    protected DeviceBus there() {
        return there.bus();
    }

    @Test
    void sharesOutTheAccountsEvenly() {
        int[] accounts = new int[3];
        for (int number = 0; number < 3_000; number++) {
            accounts[here.nodeOf(new AccountId(UUID.randomUUID()))]++;
        }

        for (int share : accounts) {
            assertTrue(
                    share > 850 && share < 1_150, IntStream.of(accounts).boxed().toList()::toString);
        }
    }

    @Test
    void aFurtherNodeMovesNobodyButToItself() {
        try (BusOfReplica two = new BusOfReplica(servers.subList(0, 2), QUICK)) {
            for (int number = 0; number < 1_000; number++) {
                AccountId account = new AccountId(UUID.randomUUID());
                int among = here.nodeOf(account);
                assertTrue(among == 2 || among == two.nodeOf(account), "moved between those that were there");
            }
        }
    }

    @Test
    void withoutOneNodeTheAccountsOfTheOthersGoOnAndItsOwnComeBackWithIt() throws InterruptedException {
        List<Device> devices = new ArrayList<>();
        List<HeardEvents> heard = new ArrayList<>();
        for (int node = 0; node < 3; node++) {
            Device device = deviceAt(node);
            devices.add(device);
            heard.add(HeardEvents.of(there.bus(), device));
        }

        servers.get(1).kill();
        try {
            Eventually.isTrue("its end is noticed", () -> here.up() == 2 && there.up() == 2);
            for (int node = 0; node < 3; node++) {
                assertEquals(node != 1, delivered(new BusEvent.Mail(devices.get(node))), "at node " + node);
            }
            assertEquals(new BusEvent.Mail(devices.get(0)), heard.get(0).next());
            assertEquals(new BusEvent.Mail(devices.get(2)), heard.get(2).next());
        } finally {
            servers.get(1).start();
        }

        heard.get(1).awaitBegun();
        Eventually.isTrue("it is back", () -> here.up() == 3);
        assertTrue(delivered(new BusEvent.Revoked(devices.get(1))));
        assertEquals(new BusEvent.Revoked(devices.get(1)), heard.get(1).next());
        assertFalse(delivered(new BusEvent.Revoked(deviceAt(1))), "nobody listens to that one");
    }

    private Device deviceAt(int node) {
        AccountId account = new AccountId(UUID.randomUUID());
        while (here.nodeOf(account) != node) {
            account = new AccountId(UUID.randomUUID());
        }
        return new Device(account, new DeviceId(1));
    }
}
