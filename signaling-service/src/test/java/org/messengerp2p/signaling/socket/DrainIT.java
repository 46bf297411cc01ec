package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.AccountId;
import org.messengerp2p.kit.identity.Audience;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.identity.DeviceId;
import org.messengerp2p.signaling.PackagedService;
import org.messengerp2p.testkit.SocketProbe;
import org.messengerp2p.testkit.TestTokens;

class DrainIT {

    private static final int TERMINATED = 128 + 15;

    private final Device device = new Device(new AccountId(UUID.randomUUID()), new DeviceId(1));

    @Test
    void aServiceThatStopsTellsItsDevicesWhenToComeBack() throws IOException, InterruptedException {
        try (PackagedService service = new PackagedService("96m", Map.of("mp2p.signaling.reconnect-window", "PT20S"));
                SocketProbe socket = SocketProbe.open(service.ws(), TestTokens.access(device, Audience.SIGNALING))) {
            socket.next("presence");

            service.terminate();

            assertEquals(new SocketProbe.Closed(1012, "20"), socket.end());
            assertEquals(TERMINATED, service.exitCode());
        }
    }
}
