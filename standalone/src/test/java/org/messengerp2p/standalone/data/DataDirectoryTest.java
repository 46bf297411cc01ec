package org.messengerp2p.standalone.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.kit.secret.SecretFile;
import org.messengerp2p.standalone.CannotStart;

class DataDirectoryTest {

    @TempDir
    Path temporary;

    @Test
    void isItsOwnersAlone() throws IOException {
        Path path = temporary.resolve("deep/data");

        try (DataDirectory directory = DataDirectory.open(path)) {
            SecretFile secret = SecretFile.at(directory.secrets().resolve("one"));

            assertEquals("rwx------", permissions(path));
            assertEquals("rwx------", permissions(path.resolve("secrets")));
            assertEquals("rw-------", permissions(secret.path()));
        }
    }

    @Test
    void keepsASecretThatItOnceMade() {
        try (DataDirectory directory = DataDirectory.open(temporary)) {
            Path file = directory.secrets().resolve("one");

            String made = SecretFile.at(file).read();

            assertEquals(43, made.length());
            assertEquals(made, SecretFile.at(file).read());
        }
    }

    @Test
    void isHeldByOneAtATime() {
        DataDirectory first = DataDirectory.open(temporary);

        String refusal = refusal(temporary);
        first.close();

        assertTrue(
                refusal.contains(
                        "is in use by process " + ProcessHandle.current().pid()),
                refusal);
        DataDirectory.open(temporary).close();
    }

    @Test
    void leavesADirectoryAloneThatHoldsSomethingElse() throws IOException {
        Files.writeString(temporary.resolve("diary.txt"), "mine");
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));

        String refusal = refusal(temporary);

        assertTrue(refusal.contains("holds files that are not Messenger's"), refusal);
        assertEquals("rwxr-xr-x", permissions(temporary));
    }

    @Test
    void refusesAFile() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");

        assertTrue(refusal(file).contains("is a file"));
    }

    @Test
    void refusesDataOfANewerVersion() throws IOException {
        try (DataDirectory directory = DataDirectory.open(temporary)) {
            assertFalse(directory.complete());
            directory.markComplete();
            assertTrue(directory.complete());
        }
        Files.writeString(temporary.resolve("format"), "2\n");

        assertTrue(refusal(temporary).contains("newer version"));
        assertTrue(refusal(temporary).contains("newer version"), "the refusal let go of the lock");
    }

    @Test
    void refusesADamagedFormat() throws IOException {
        try (DataDirectory directory = DataDirectory.open(temporary)) {
            directory.markComplete();
        }
        Files.writeString(temporary.resolve("format"), "");

        assertTrue(refusal(temporary).contains("is damaged"));
    }

    private static String refusal(Path path) {
        return assertThrows(CannotStart.class, () -> DataDirectory.open(path)).getMessage();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
