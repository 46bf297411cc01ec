package org.messengerp2p.auth.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfConfig2026;
import com.google.crypto.tink.signature.PredefinedSignatureParameters;
import com.google.crypto.tink.signature.SignatureConfig2026;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.auth.AuthServiceTest;
import org.messengerp2p.auth.wire.Signed;
import org.messengerp2p.auth.wire.VerifyingKey;

@QuarkusTest
class SecretsTest extends AuthServiceTest {
    @Inject
    @DataSource("auth")
    AgroalDataSource database;

    @Inject
    SecretSettings running;

    @TempDir
    Path folder;

    @Test
    void makesFilesThatOnlyTheirOwnerReads() throws Exception {
        new ServerSecrets(in(folder.resolve("new")));

        assertEquals("rwx------", permissions(folder.resolve("new")));
        try (Stream<Path> files = Files.list(folder.resolve("new"))) {
            List<Path> made = files.toList();
            assertEquals(6, made.size());
            for (Path file : made) {
                assertEquals("rw-------", permissions(file));
            }
        }
    }

    @Test
    void readsTheSameSecretsAgain() throws Exception {
        ServerSecrets before = new ServerSecrets(in(folder));
        byte[] sealed = before.vault().seal(new byte[] {1, 2, 3}, "row");

        ServerSecrets after = new ServerSecrets(in(folder));

        assertArrayEquals(before.serverSalt("alice"), after.serverSalt("alice"));
        assertEquals(before.currentPepper(), after.currentPepper());
        assertArrayEquals(new byte[] {1, 2, 3}, after.vault().open(sealed, "row"));
        assertThrows(IllegalStateException.class, () -> after.vault().open(sealed, "another row"));
        assertThrows(IllegalStateException.class, () -> after.tokenKeys().open(sealed, "row"));
    }

    @Test
    void givesEachNameItsOwnSalt() throws Exception {
        ServerSecrets secrets = new ServerSecrets(in(folder));

        assertFalse(Arrays.equals(secrets.serverSalt("alice"), secrets.serverSalt("alicf")));
        assertEquals(16, secrets.serverSalt("alice").length);
    }

    /** What was blinded before is still found when another key of the file is the first. */
    @Test
    void blindsByEveryKeyOfTheFile() throws Exception {
        byte[] value = {1, 2, 3};
        byte[] before = new ServerSecrets(in(folder)).blinded(value);
        rotate("blinding.json", PredefinedPrfParameters.HMAC_SHA256_PRF, PrfConfig2026.get());

        ServerSecrets after = new ServerSecrets(in(folder));

        assertFalse(Arrays.equals(before, after.blinded(value)));
        assertTrue(after.blindedByEachKey(value).stream().anyMatch(each -> Arrays.equals(before, each)));
        assertTrue(after.blindedByEachKey(value).stream().anyMatch(each -> Arrays.equals(after.blinded(value), each)));
    }

    @Test
    void refusesAFileThatIsNoKeyset() throws Exception {
        Files.writeString(folder.resolve("pepper.json"), "{");

        assertThrows(Exception.class, () -> new ServerSecrets(in(folder)));
    }

    @Test
    void makesNothingWhereTheFilesAreGivenToIt() throws Exception {
        new ServerSecrets(in(folder));
        Files.delete(folder.resolve("pepper.json"));

        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> new ServerSecrets(in(folder, false)));

        assertTrue(refused.getMessage().contains("pepper.json is missing"), refused.getMessage());
        assertFalse(Files.exists(folder.resolve("pepper.json")));
    }

    @Test
    void refusesADatabaseThatWasWrittenWithOtherSecrets() throws Exception {
        SecretMarks same = new SecretMarks(new ServerSecrets(running), database);
        SecretMarks other = new SecretMarks(new ServerSecrets(in(folder)), database);

        assertDoesNotThrow(() -> same.check(null));
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> other.check(null));
        assertEquals(true, refused.getMessage().contains("restore its file"));
    }

    @Test
    void refusesALogKeyOtherThanTheOneClientsKeep() throws Exception {
        copyOfTheRunningSecrets();
        Files.delete(folder.resolve("log-key.json"));

        assertRefused("the log-key secret is not the one");
    }

    /** Keysets of what may not rotate hold the old key still, but work with another one. */
    @Test
    void refusesAnotherKeyInFrontOfTheOneThatMayNotRotate() throws Exception {
        copyOfTheRunningSecrets();
        rotate("log-key.json", PredefinedSignatureParameters.ED25519WithRawOutput, SignatureConfig2026.get());
        assertRefused("the log-key secret is not the one");

        copyOfTheRunningSecrets();
        rotate("salt.json", PredefinedPrfParameters.HMAC_SHA256_PRF, PrfConfig2026.get());
        assertRefused("the salt secret is not the one");

        copyOfTheRunningSecrets();
        rotate("pepper.json", PredefinedPrfParameters.HMAC_SHA256_PRF, PrfConfig2026.get());
        assertDoesNotThrow(() -> new SecretMarks(new ServerSecrets(in(folder)), database).check(null));
    }

    /** As every other implementation of Ed25519 makes and verifies them: no prefix of Tink's before the 64 bytes. */
    @Test
    void signsTreeHeadsAsTheProtocolDoes() throws Exception {
        LogKey key = new ServerSecrets(in(folder)).logKey();
        byte[] head = new byte[49];

        byte[] signature = key.signTreeHead(head);

        assertEquals(32, key.publicKey().length);
        assertTrue(Signed.TREE_HEAD.by(VerifyingKey.checked(key.publicKey()), signature, head));
        assertArrayEquals(
                key.publicKey(), new ServerSecrets(in(folder)).logKey().publicKey());
    }

    private void copyOfTheRunningSecrets() throws IOException {
        try (Stream<Path> files = Files.list(running.directory())) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void rotate(String name, Parameters kind, Configuration primitives) throws Exception {
        Path file = folder.resolve(name);
        KeysetHandle before = TinkJsonProtoKeysetFormat.parseKeyset(
                Files.readString(file), primitives, InsecureSecretKeyAccess.get());
        Key another = KeysetHandle.generateNew(kind, primitives).getPrimary().getKey();
        KeysetHandle after = KeysetHandle.newBuilder(before)
                .addEntry(KeysetHandle.importKey(another).withRandomId().makePrimary())
                .build();
        Files.writeString(
                file, TinkJsonProtoKeysetFormat.serializeKeyset(after, primitives, InsecureSecretKeyAccess.get()));
    }

    private void assertRefused(String part) throws Exception {
        SecretMarks marks = new SecretMarks(new ServerSecrets(in(folder)), database);

        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> marks.check(null));

        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static SecretSettings in(Path folder) {
        return in(folder, true);
    }

    private static SecretSettings in(Path folder, boolean makeMissing) {
        return new SecretSettings() {
            @Override
            public boolean makeMissing() {
                return makeMissing;
            }

            @Override
            public Path directory() {
                return folder;
            }

            @Override
            public Path tokenKeys() {
                return folder.resolve("token-keys.json");
            }

            @Override
            public Path vault() {
                return folder.resolve("vault.json");
            }

            @Override
            public Path pepper() {
                return folder.resolve("pepper.json");
            }

            @Override
            public Path salt() {
                return folder.resolve("salt.json");
            }

            @Override
            public Path blinding() {
                return folder.resolve("blinding.json");
            }

            @Override
            public Path logKey() {
                return folder.resolve("log-key.json");
            }
        };
    }
}
