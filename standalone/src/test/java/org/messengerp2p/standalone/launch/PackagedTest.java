package org.messengerp2p.standalone.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.standalone.data.DataDirectory;
import org.messengerp2p.standalone.postgres.EmbeddedPostgres;

/** The packaged application on data of its own. */
abstract class PackagedTest {

    @TempDir
    Path folder;

    protected Path data;
    protected Map<String, String> settings;

    @BeforeEach
    void prepare() throws IOException {
        data = folder.resolve("data");
        settings = MessengerProcess.settings(data, TestRelease.write(folder.resolve("web")));
    }

    /** A start stops what a killed process left behind, and so does this. */
    @AfterEach
    void leaveNothingRunning() {
        if (Files.exists(data.resolve("postgres/data/PG_VERSION"))) {
            try (DataDirectory directory = DataDirectory.open(data)) {
                EmbeddedPostgres.start(directory).close();
            }
        }
    }

    protected Optional<Long> postmaster() throws IOException {
        Path file = data.resolve("postgres/data/postmaster.pid");
        return Files.exists(file)
                ? Optional.of(Long.valueOf(Files.readAllLines(file).get(0)))
                : Optional.empty();
    }
}
