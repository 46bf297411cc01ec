package org.messengerp2p.mailbox.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.kit.secret.KeysetFile;
import org.messengerp2p.kit.secret.KeysetRotation;

/** The command as a container runs it: by the packaged service's files alone. */
class RotateKeysIT {

    @TempDir
    Path folder;

    @Test
    void runsBesideThePackagedService() throws Exception {
        Path keyset = folder.resolve("envelopes.json");
        KeysetFile.aead(keyset).makeMissing(true);

        assertEquals("A key was added. In two minutes: rotate-keys envelopes promote\n", run(keyset, 0, "add"));
        assertTrue(run(keyset, 1, "promote").startsWith("rotate-keys: The keyset has changed a moment ago"));
        assertEquals(
                "rotate-keys: The database cannot be asked what is sealed; nothing was changed.\n",
                run(keyset, 1, "status"));

        assertEquals(2, new KeysetRotation(keyset, Clock.systemUTC()).keys().size());
    }

    private static String run(Path keyset, int status, String step) throws Exception {
        ProcessBuilder command = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-cp",
                        "target/quarkus-app/app/*:target/quarkus-app/lib/main/*",
                        "org.messengerp2p.mailbox.rotation.RotateKeys",
                        "envelopes",
                        step)
                .redirectErrorStream(true);
        command.environment().put("MP2P_MAILBOX_KEYSET", keyset.toString());
        // Nobody listens there.
        command.environment().put("QUARKUS_DATASOURCE_MAILBOX_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/mailbox");
        Process process = command.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(status, process.waitFor(), said);
        return said;
    }
}
