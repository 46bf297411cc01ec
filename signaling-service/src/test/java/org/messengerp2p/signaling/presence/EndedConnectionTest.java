package org.messengerp2p.signaling.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.bus.LocalDeviceBus;
import org.messengerp2p.signaling.connection.DeviceConnection;
import org.messengerp2p.signaling.connection.UnreadPeer;

class EndedConnectionTest {

    private final AskedPermission permission = new AskedPermission();
    private final List<Boolean> listedWhenOthersAreTold = new ArrayList<>();
    private final Presence presence = new Presence(
            new LocalDeviceBus(),
            new NowhereElse() {
                @Override
                public void left(DeviceConnection connection) {
                    listedWhenOthersAreTold.add(all().contains(connection));
                }
            },
            (device, connection, frame) -> {
                throw new AssertionError("there is no other replica");
            },
            permission.questions(),
            Clock.systemUTC(),
            new SimpleMeterRegistry());

    @AfterEach
    void close() {
        permission.close();
    }

    @Test
    void isNotPresentWhereItEndedBeforeItJoined() {
        DeviceConnection ended = UnreadPeer.connection();
        ended.closed();

        presence.join(ended);

        assertEquals(List.of(), presence.all());
        assertEquals(Optional.empty(), presence.of(ended.device()));
    }

    private List<DeviceConnection> all() {
        return presence.all();
    }

    @Test
    void isNotPresentAfterItEnded() {
        DeviceConnection connection = UnreadPeer.connection();
        presence.join(connection);
        assertTrue(presence.of(connection.device()).isPresent());

        connection.closed();

        assertEquals(List.of(), presence.all());
        assertEquals(Optional.empty(), presence.of(connection.device()));
        assertEquals(List.of(true), listedWhenOthersAreTold, "a drain waits for it until then");
    }
}
