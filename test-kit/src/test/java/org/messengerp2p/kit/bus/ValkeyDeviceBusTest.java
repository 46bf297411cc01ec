package org.messengerp2p.kit.bus;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.messengerp2p.kit.bus.valkey.BusOfReplica;
import org.messengerp2p.testkit.ValkeyServer;

/** Two processes, as far as the bus can tell. */
class ValkeyDeviceBusTest extends DeviceBusContract {

    private static ValkeyServer server;

    private final BusOfReplica here = BusOfReplica.connected(server);
    private final BusOfReplica there = BusOfReplica.connected(server);

    @BeforeAll
    static void start() {
        server = ValkeyServer.started();
    }

    @AfterAll
    static void stop() {
        server.close();
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
}
