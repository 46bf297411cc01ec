package org.messengerp2p.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of it at a scale that measures nothing, so that it still runs when it is wanted. */
class BenchIT {

    @TempDir
    Path folder;

    @Test
    void storesAndDrainsThroughTheFloorAndTheService() throws Exception {
        List<JsonObject> lines = results("--systems=floor,messages", "--figures=none");

        assertEquals(2, lines.size(), lines::toString);
        for (JsonObject line : lines) {
            double spent = 0;
            for (String phase : List.of("rate", "full", "drain")) {
                spent += line.getDouble(phase + "_service_us");
                assertTrue(line.getDouble(phase + "_per_s") > 0, line::encode);
            }
            // CPU comes in steps that a single phase of this scale may not fill
            assertTrue(spent > 0, line::encode);
        }
    }

    @Test
    void relaysAndConnectsThroughTheFloorsAndTheServiceAlsoBehindTheGateway() throws Exception {
        List<JsonObject> lines = results("--systems=relay-floor,relay-bare,relay-taken,tls-relay", "--figures=none");

        for (JsonObject line : lines) {
            assertFalse(line.containsKey("failed"), line::encode);
            for (String figure : List.of("relay_per_s", "relay_p99_ms", "flood_per_s", "base_mib")) {
                assertTrue(line.getDouble(figure) > 0, line::encode);
            }
            assertTrue(line.containsKey("idle_kib") && line.containsKey("connect_us"), line::encode);
        }
        assertTrue(lines.size() >= 3, "of these only the gateway needs anything installed");
    }

    @Test
    void measuresWhatIsNotOfAWholeRun() throws Exception {
        Set<String> found = new HashSet<>();

        for (JsonObject line : results("--systems=none")) {
            found.addAll(line.fieldNames());
        }

        assertTrue(
                found.containsAll(
                        List.of("single_ratio", "slow_ratio", "seal_us", "open_us", "back_all_s", "hostile_ratio")),
                found::toString);
    }

    private List<JsonObject> results(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--tiny", "--rounds=1", "--checkout=..", "--directory=" + folder));
        return new Bench(Options.parse(all.toArray(String[]::new))).run().read();
    }
}
