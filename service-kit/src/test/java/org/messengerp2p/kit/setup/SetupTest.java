package org.messengerp2p.kit.setup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.signature.PredefinedSignatureParameters;
import com.google.crypto.tink.signature.SignatureConfig2026;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messengerp2p.kit.secret.KeysetFile;

class SetupTest {

    @TempDir
    Path folder;

    private Path volume;
    private Path given;
    private Path database;

    @BeforeEach
    void begin() throws IOException {
        volume = Files.createDirectory(folder.resolve("volume"));
        given = Files.createDirectory(folder.resolve("given"));
        database = Files.createDirectory(folder.resolve("database"));
    }

    @Test
    void givesEachReaderItsOwnFiles() throws Exception {
        setUp();

        assertEquals(
                List.of(
                        "auth-service/blinding.json",
                        "auth-service/config/quarkus.datasource.auth.password",
                        "auth-service/config/quarkus.redis.password",
                        "auth-service/internal-secret",
                        "auth-service/log-key.json",
                        "auth-service/pepper.json",
                        "auth-service/salt.json",
                        "auth-service/token-keys.json",
                        "auth-service/vault.json",
                        "coturn/turnserver.conf",
                        "format",
                        "mailbox-service/archive.json",
                        "mailbox-service/config/quarkus.datasource.mailbox.password",
                        "mailbox-service/config/quarkus.redis.password",
                        "mailbox-service/envelopes.json",
                        "mailbox-service/internal-secret",
                        "postgres/auth-password",
                        "postgres/mailbox-password",
                        "postgres/superuser-password",
                        "signaling-service/config/quarkus.redis.password",
                        "signaling-service/internal-secret",
                        "signaling-service/turn-secret",
                        "valkey/users.acl"),
                List.copyOf(contents().keySet()));
        KeysetFile.aead(file("auth-service/vault.json")).openAead();
        KeysetFile.prf(file("auth-service/pepper.json")).openPrf();
        KeysetFile.ed25519(file("auth-service/log-key.json")).openSigner();
        KeysetFile.aead(file("mailbox-service/envelopes.json")).openAead();
        KeysetFile.aead(file("mailbox-service/archive.json")).openAead();
    }

    @Test
    void tellsBothSidesTheSame() throws Exception {
        setUp();

        assertEquals(text("auth-service/internal-secret"), text("mailbox-service/internal-secret"));
        assertEquals(text("auth-service/internal-secret"), text("signaling-service/internal-secret"));
        assertEquals(text("postgres/auth-password"), text("auth-service/config/quarkus.datasource.auth.password"));
        assertEquals(
                text("postgres/mailbox-password"), text("mailbox-service/config/quarkus.datasource.mailbox.password"));
        assertTrue(text("coturn/turnserver.conf")
                .contains("static-auth-secret=" + text("signaling-service/turn-secret") + "\n"));
        String bus = text("signaling-service/config/quarkus.redis.password");
        assertEquals(bus, text("auth-service/config/quarkus.redis.password"));
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(bus.getBytes(StandardCharsets.UTF_8)));
        assertTrue(text("valkey/users.acl").startsWith("user default on #" + hash + " "));
        assertFalse(text("postgres/auth-password").equals(text("postgres/mailbox-password")));
    }

    @Test
    void changesNothingTheSecondTime() throws Exception {
        setUp();
        Map<String, String> before = contents();

        setUp();

        assertEquals(before, contents());
    }

    @Test
    void givesAReaderThatIsNewTheSecretOfTheOthers() throws Exception {
        setUp();
        String secret = text("auth-service/internal-secret");
        lose("signaling-service/internal-secret");

        setUp();

        assertEquals(secret, text("signaling-service/internal-secret"));
    }

    @Test
    void closesEveryFileAndDirectory() throws Exception {
        setUp();

        for (String name : contents().keySet()) {
            if (name.contains("/")) {
                assertEquals("r--------", permissions(file(name)), name);
                assertEquals("r-x------", permissions(file(name).getParent()), name);
            }
        }
    }

    @Test
    void givesEveryFileToTheUserOfItsReader() throws Exception {
        assumeTrue(isRoot(), "only root can give files away: the owners were not looked at");
        new Setup(new SecretsVolume(volume, true), new GivenSecrets(given, Map.of()), database).run();

        for (Reader reader : Reader.values()) {
            try (Stream<Path> files = Files.walk(volume.resolve(reader.directory()))) {
                for (Path file : files.toList()) {
                    assertEquals(reader.user(), Files.getAttribute(file, "unix:uid"), file.toString());
                    assertEquals(reader.user(), Files.getAttribute(file, "unix:gid"), file.toString());
                }
            }
        }
    }

    @Test
    void letsNoTwoReadersShareAUser() {
        assertEquals(
                Reader.values().length,
                Stream.of(Reader.values()).map(Reader::user).distinct().count());
    }

    @Test
    void takesOverWhatIsGiven() throws Exception {
        give("valkey-password", "a-password-for-the-bus\n");
        give("tls/certificate.pem", "certificate");
        give("tls/key.pem", "key");

        setUp(Map.of("POSTGRES_PASSWORD", "it's a \"word\" with $igns"));

        assertEquals("a-password-for-the-bus", text("mailbox-service/config/quarkus.redis.password"));
        assertEquals("it's a \"word\" with $igns", text("postgres/superuser-password"));
        assertEquals("certificate", text("gateway/tls/certificate.pem"));
        assertEquals("key", text("coturn/tls/key.pem"));
    }

    @Test
    void followsWhatIsGivenLater() throws Exception {
        give("tls/certificate.pem", "certificate");
        give("tls/key.pem", "key");
        setUp();
        Files.delete(given.resolve("tls/certificate.pem"));
        Files.delete(given.resolve("tls/key.pem"));
        give("turn-secret", "another-secret-for-turn");

        setUp(Map.of("POSTGRES_PASSWORD", "changed"));

        assertEquals("changed", text("postgres/superuser-password"));
        assertTrue(text("coturn/turnserver.conf").contains("=another-secret-for-turn\n"));
        assertFalse(Files.exists(file("gateway/tls/key.pem")));
    }

    @Test
    void keepsThePasswordWhenItIsGivenNoMore() throws Exception {
        setUp(Map.of("POSTGRES_PASSWORD", "once given"));

        setUp(Map.of("POSTGRES_PASSWORD", ""));

        assertEquals("once given", text("postgres/superuser-password"));
    }

    @Test
    void refusesTwoPasswordsForOneUser() throws Exception {
        give("postgres-password", "one");

        assertRefused("two passwords", Map.of("POSTGRES_PASSWORD", "two"));
    }

    @Test
    void refusesAPasswordThatWouldHaveToBeQuoted() throws Exception {
        give("auth-database-password", "${of.another.setting}");

        assertRefused("deploy/secrets/auth-database-password must be", Map.of());
    }

    @Test
    void refusesANameThatIsSlightlyOff() throws Exception {
        give("postgres_password", "word");

        assertRefused("'postgres_password', which is no secret", Map.of());
    }

    @Test
    void refusesHalfACertificate() throws Exception {
        give("tls/certificate.pem", "certificate");

        assertRefused("both certificate.pem and key.pem", Map.of());
    }

    @Test
    void replacesNoKeysetThatWasLost() throws Exception {
        setUp();
        byte[] pepper = Files.readAllBytes(file("auth-service/pepper.json"));
        lose("auth-service/pepper.json");

        assertRefused("it lacks auth-service/pepper.json", Map.of());
        assertFalse(Files.exists(file("auth-service/pepper.json")));

        Files.createDirectories(given.resolve("auth-service"));
        Files.write(given.resolve("auth-service/pepper.json"), pepper);
        setUp();
        assertArrayEquals(pepper, Files.readAllBytes(file("auth-service/pepper.json")));
    }

    @Test
    void refusesAKeysetThatIsDamaged() throws Exception {
        setUp();
        Files.setPosixFilePermissions(
                file("mailbox-service/envelopes.json"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file("mailbox-service/envelopes.json"), "{");

        assertRefused("mailbox-service/envelopes.json holds no keyset", Map.of());
    }

    @Test
    void refusesAnEmptyVolumeBesideAFullDatabase() throws Exception {
        Path cluster = Files.createDirectories(database.resolve("18/docker"));
        Files.writeString(cluster.resolve("PG_VERSION"), "18\n");

        assertRefused("The database holds data", Map.of());
        assertEquals(Map.of(), contents());
    }

    @Test
    void goesOnWhereAFirstSetupWasStopped() throws Exception {
        setUp();
        Files.delete(file("format"));
        for (String lost : List.of("auth-service/salt.json", "postgres/auth-password")) {
            lose(lost);
        }
        String vault = text("auth-service/vault.json");

        setUp();

        KeysetFile.prf(file("auth-service/salt.json")).openPrf();
        assertEquals(text("postgres/auth-password"), text("auth-service/config/quarkus.datasource.auth.password"));
        assertEquals(vault, text("auth-service/vault.json"));
    }

    @Test
    void refusesAKeysetThatLosesAKey() throws Exception {
        setUp();
        KeysetFile.aead(given.resolve("auth-service/vault.json")).makeMissing(true);

        assertRefused("deploy/secrets/auth-service/vault.json lacks keys", Map.of());
    }

    /** auth-service would not start with it, and the volume would refuse to lose it again. */
    @Test
    void refusesAnotherKeyBesideOneThatIsKeptForEver() throws Exception {
        setUp();
        KeysetHandle present = TinkJsonProtoKeysetFormat.parseKeyset(
                text("auth-service/log-key.json"), SignatureConfig2026.get(), InsecureSecretKeyAccess.get());
        Key another = KeysetHandle.generateNew(
                        PredefinedSignatureParameters.ED25519WithRawOutput, SignatureConfig2026.get())
                .getPrimary()
                .getKey();
        KeysetHandle two = KeysetHandle.newBuilder(present)
                .addEntry(KeysetHandle.importKey(another).withRandomId().makePrimary())
                .build();
        give(
                "auth-service/log-key.json",
                TinkJsonProtoKeysetFormat.serializeKeyset(
                        two, SignatureConfig2026.get(), InsecureSecretKeyAccess.get()));
        String before = text("auth-service/log-key.json");

        assertRefused("deploy/secrets/auth-service/log-key.json has keys", Map.of());

        assertEquals(before, text("auth-service/log-key.json"));
    }

    @Test
    void refusesTheFormatOfANewerVersion() throws Exception {
        setUp();
        Files.writeString(file("format"), "4\n");
        lose("auth-service/vault.json");

        assertRefused("newer version", Map.of());
    }

    @Test
    void makesWhatAVolumeOfTheFirstFormatNeverHad() throws Exception {
        setUp();
        String vault = text("auth-service/vault.json");
        Files.writeString(file("format"), "1\n");
        lose("auth-service/log-key.json");
        lose("mailbox-service/archive.json");

        setUp();

        KeysetFile.ed25519(file("auth-service/log-key.json")).openSigner();
        KeysetFile.aead(file("mailbox-service/archive.json")).openAead();
        assertEquals(vault, text("auth-service/vault.json"));
        assertEquals("3\n", text("format"));
    }

    @Test
    void makesTheKeysetOfTheArchiveForAVolumeFromBeforeIt() throws Exception {
        setUp();
        String logKey = text("auth-service/log-key.json");
        Files.writeString(file("format"), "2\n");
        lose("mailbox-service/archive.json");

        setUp();

        KeysetFile.aead(file("mailbox-service/archive.json")).openAead();
        assertEquals(logKey, text("auth-service/log-key.json"));
    }

    @Test
    void refusesALostKeyOfTheLog() throws Exception {
        setUp();
        lose("auth-service/log-key.json");

        assertRefused("it lacks auth-service/log-key.json", Map.of());
    }

    private void setUp() throws IOException {
        setUp(Map.of());
    }

    private void setUp(Map<String, String> environment) throws IOException {
        new Setup(new SecretsVolume(volume, false), new GivenSecrets(given, environment), database).run();
    }

    private void assertRefused(String part, Map<String, String> environment) {
        CannotSetUp refused = assertThrows(CannotSetUp.class, () -> setUp(environment));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    private void lose(String name) throws IOException {
        Files.setPosixFilePermissions(file(name).getParent(), PosixFilePermissions.fromString("rwx------"));
        Files.delete(file(name));
    }

    private void give(String name, String content) throws IOException {
        Files.createDirectories(given.resolve(name).getParent());
        Files.writeString(given.resolve(name), content);
    }

    private Path file(String name) {
        return volume.resolve(name);
    }

    private String text(String name) throws IOException {
        return Files.readString(file(name));
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(volume)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(volume.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
