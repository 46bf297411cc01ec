package org.messengerp2p.signaling.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.signaling.SignalingSettings;

class PaceOfAnAddressTest {

    @Test
    void isTwentyTimesThatOfOneAsShipped() {
        assertEquals(20 * 1_200, pace(Map.of()));
    }

    @Test
    void growsWithTheSocketsThatAnAddressMayHaveAndNotWithFewer() {
        assertEquals(200 * 1_200, pace(Map.of("mp2p.signaling.limits.sockets-by-address", "5000")));
        assertEquals(20 * 1_200, pace(Map.of("mp2p.signaling.limits.sockets-by-address", "10")));
    }

    @Test
    void isWhatIsGiven() {
        Map<String, String> given = Map.of(
                "mp2p.signaling.limits.sockets-by-address", "5000",
                "mp2p.signaling.limits.frames-per-second-by-address", "7");

        assertEquals(7, pace(given));
    }

    private static long pace(Map<String, String> given) {
        return Admission.framesPerSecondByAddress(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SignalingSettings.class)
                .withDefaultValues(given)
                .build()
                .getConfigMapping(SignalingSettings.class)
                .limits());
    }
}
