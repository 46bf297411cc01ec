package org.messengerp2p.kit.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceBusChoiceTest {

    @Test
    void withoutSettingsThereIsTheBusOfTheProcess() {
        assertInstanceOf(LocalDeviceBus.class, bus(Map.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            answer         | PT0S    | is PT0S; it is between PT0.001S and PT24H.
            stall          | PT0.5S  | is PT0.5S; it is between PT1S and PT24H.
            first-retry    | PT-1S   | is PT-1S; it is between PT0.001S and PT24H.
            longest-retry  | PT0.1S  | is PT0.1S; it is between PT0.2S and PT24H.
            longest-retry  | P2D     | is PT48H; it is between PT0.2S and PT24H.
            outstanding    | 0       | is 0; it is between 1 and 1000000.
            outstanding    | 2147483647 | is 2147483647; it is between 1 and 1000000.
            outstanding-bytes | 0    | is 0; it is between 1048576 and 1099511627776 bytes.
            outstanding-bytes | 9E   | is 10376293541461622784; it is between 1048576 and 1099511627776 bytes.
            """)
    void refusesWhatNoConnectionCouldLiveWith(String name, String given, String told) {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class, () -> bus(Map.of("mp2p.bus.kind", "valkey", "mp2p.bus." + name, given)));

        assertEquals("mp2p.bus." + name + ' ' + told, refused.getMessage());
    }

    @Test
    void refusesNodesWhereThereIsNoneButTheProcess() {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class, () -> bus(Map.of("mp2p.bus.further-nodes", "redis://valkey-2")));

        assertEquals("mp2p.bus.further-nodes is set, and mp2p.bus.kind is not valkey.", refused.getMessage());
    }

    private static DeviceBus bus(Map<String, String> settings) {
        BusSettings mapped = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(BusSettings.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(BusSettings.class);
        return new DeviceBusChoice().bus(mapped, null);
    }
}
