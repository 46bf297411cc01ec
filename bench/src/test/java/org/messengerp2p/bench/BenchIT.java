package org.messengerp2p.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of it at a scale that measures nothing, so that it still runs when it is wanted. */
class BenchIT {

    private static final String APPLICATION = "../mailbox-service/target/quarkus-app";

    @TempDir
    Path folder;

    @Test
    void storesAndDrainsThroughTheFloorAndTheService() throws Exception {
        Options options = Options.parse(
                "--tiny",
                "--rounds=1",
                "--systems=floor,messages",
                "--application=" + APPLICATION,
                "--directory=" + folder);

        List<JsonObject> results = new Bench(options).run().read();

        assertEquals(
                List.of("floor", "messages"),
                results.stream().map(line -> line.getString("system")).toList());
        for (JsonObject line : results) {
            for (String phase : List.of("rate", "full", "drain")) {
                assertTrue(line.getDouble(phase + "_service_us") > 0, line::encode);
                assertTrue(line.getDouble(phase + "_per_s") > 0, line::encode);
            }
        }
    }
}
