package org.messengerp2p.kit.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.crypto.tink.Aead;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class KeysetRotationTest {

    private static final byte[] TEXT = {1, 2, 3};
    private static final byte[] PLACE = {4};

    @TempDir
    Path folder;

    private Path file;
    private KeysetRotation rotation;

    @BeforeEach
    void make() throws GeneralSecurityException {
        file = folder.resolve("secrets/keys.json");
        KeysetFile.aead(file).makeMissing(true);
        rotation = new KeysetRotation(file, Clock.systemUTC());
    }

    @Test
    void anAddedKeyOpensAndSealsOnlyWhenItIsPromoted() throws Exception {
        byte[] before = aead().encrypt(TEXT, PLACE);
        rotation.add();
        assertEquals(List.of("PRIMARY", "ADDED"), states());
        byte[] first = rotation.keys().get(0).prefix();
        byte[] second = rotation.keys().get(1).prefix();
        assertTrue(begins(aead().encrypt(TEXT, PLACE), first));

        age();
        rotation.promote();

        assertEquals(List.of("OLD", "PRIMARY"), states());
        assertTrue(begins(aead().encrypt(TEXT, PLACE), second));
        assertArrayEquals(TEXT, aead().decrypt(before, PLACE));
    }

    @Test
    void anOldKeyIsDestroyedWhenNothingIsLeftOfIt() throws Exception {
        byte[] before = aead().encrypt(TEXT, PLACE);
        byte[] old = rotation.keys().get(0).prefix();
        turn();
        age();

        assertRefused("7 rows are sealed by an old key", () -> rotation.retire(prefix -> 7));
        assertArrayEquals(TEXT, aead().decrypt(before, PLACE));
        rotation.retire(prefix -> Arrays.equals(prefix, old) ? 0 : 1);

        assertEquals(List.of("PRIMARY"), states());
        assertThrows(GeneralSecurityException.class, () -> aead().decrypt(before, PLACE));
    }

    @Test
    void severalOldKeysGoTogetherOrNotAtAll() throws Exception {
        turn();
        age();
        turn();
        age();
        byte[] newer = rotation.keys().get(1).prefix();
        assertEquals(List.of("OLD", "OLD", "PRIMARY"), states());

        assertRefused("1 rows", () -> rotation.retire(prefix -> Arrays.equals(prefix, newer) ? 1 : 0));
        assertEquals(List.of("OLD", "OLD", "PRIMARY"), states());
        rotation.retire(prefix -> 0);

        assertEquals(List.of("PRIMARY"), states());
    }

    @Test
    void aKeyThatCameWhileRowsWereCountedIsNotLost() throws Exception {
        turn();
        age();
        byte[][] sealed = new byte[1][];

        assertRefused(
                "The keyset has changed while rows were counted",
                () -> rotation.retire(prefix -> {
                    sealed[0] = sealByAnother();
                    return 0;
                }));

        assertArrayEquals(TEXT, aead().decrypt(sealed[0], PLACE));
    }

    /** Of another call of the command, and of a service that has read its file. */
    private byte[] sealByAnother() {
        try {
            turn();
            return aead().encrypt(TEXT, PLACE);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void theWrongOrderIsToldInWords() throws Exception {
        assertRefused("No key has been added; add one first.", () -> rotation.promote());
        assertRefused("There is no old key; add one first.", () -> rotation.retire(prefix -> 0));
        rotation.add();
        assertRefused("A key has been added already; promote it.", () -> rotation.add());
        assertRefused("There is no old key; promote one first.", () -> rotation.retire(prefix -> 0));
        assertRefused("not every service may have the added key yet; wait another", () -> rotation.promote());
        age();
        rotation.promote();
        assertRefused("not every service may seal by the new key yet", () -> rotation.retire(prefix -> 0));
    }

    @Test
    void waitsUntilEveryServiceHasReadTheFileAgain() throws Exception {
        rotation.add();
        Instant changed = Files.getLastModifiedTime(file).toInstant();

        assertEquals(
                Duration.ofSeconds(1), rotation.wait(changed.plusSeconds(119)).orElseThrow());
        assertTrue(rotation.wait(changed.plusSeconds(120)).isEmpty());
    }

    @Test
    void theFileStaysAsClosedAsItWasAndItsFolderToo() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("r-x------"));

        rotation.add();

        assertEquals("r--------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("r-x------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwx------"));
        assertEquals(List.of("keys.json"), List.of(file.getParent().toFile().list()));
    }

    private void turn() throws Exception {
        rotation.add();
        age();
        rotation.promote();
    }

    private void age() throws Exception {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(KeysetRotation.SPREAD)));
    }

    private Aead aead() throws GeneralSecurityException {
        return KeysetFile.aead(file).openAead();
    }

    private List<String> states() {
        return rotation.keys().stream().map(key -> key.state().name()).toList();
    }

    private static boolean begins(byte[] sealed, byte[] prefix) {
        return prefix.length == 5 && Arrays.equals(prefix, Arrays.copyOf(sealed, 5));
    }

    private static void assertRefused(String words, Executable step) {
        String sentence = assertThrows(KeysetRotation.Refused.class, step).getMessage();
        assertTrue(sentence.contains(words), sentence);
    }
}
