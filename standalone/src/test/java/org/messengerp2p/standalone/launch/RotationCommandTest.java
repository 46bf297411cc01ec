package org.messengerp2p.standalone.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.kit.secret.KeysetFile;
import org.messengerp2p.kit.secret.KeysetRotation;

class RotationCommandTest {

    @TempDir
    Path data;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream refusals = new ByteArrayOutputStream();

    @Test
    void addsAKeyInTheDataDirectory() throws Exception {
        Path archive = data.resolve("secrets/mailbox/archive.json");
        KeysetFile.aead(archive).makeMissing(true);

        assertEquals(0, run("archive", "add"), refusals::toString);

        assertTrue(out.toString().startsWith("A key was added"), out::toString);
        assertEquals(2, new KeysetRotation(archive, Clock.systemUTC()).keys().size());
    }

    @Test
    void destroysNothingWhereTheDatabaseDoesNotRun() throws Exception {
        Path envelopes = data.resolve("secrets/mailbox/envelopes.json");
        KeysetFile.aead(envelopes).makeMissing(true);
        Files.writeString(data.resolve("secrets/database-mailbox"), "password");
        run("envelopes", "add");
        age(envelopes);
        run("envelopes", "promote");
        age(envelopes);

        assertEquals(1, run("envelopes", "retire"));

        assertTrue(refusals.toString().contains("The database cannot be asked"), refusals::toString);
        assertEquals(2, new KeysetRotation(envelopes, Clock.systemUTC()).keys().size());
    }

    @Test
    void saysWhatItNeeds() {
        assertEquals(2, run());
        assertEquals(2, run("vault", "add"));
        assertEquals(1, run("envelopes", "add"));
        assertTrue(refusals.toString().contains("envelopes.json is missing"), refusals::toString);
    }

    private int run(String... arguments) {
        return RotationCommand.run(
                Map.of("MESSENGER_DATA", data.toString()), new PrintStream(out), new PrintStream(refusals), arguments);
    }

    private static void age(Path file) throws Exception {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(KeysetRotation.SPREAD)));
    }
}
