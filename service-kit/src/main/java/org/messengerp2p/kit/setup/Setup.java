package org.messengerp2p.kit.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.messengerp2p.kit.secret.KeysetFile;
import org.messengerp2p.kit.secret.SecretFile;

/**
 * Makes what is missing in the volume of secrets and takes over what is given. Does nothing the second time; what it
 * cannot decide it says in one sentence and with status 1. Never prints a secret.
 */
public final class Setup {

    /**
     * A keyset: without it what was stored is lost, so it is made once and never replaced by another.
     *
     * @param since format of the volume to which it belongs first: what is older lacks it rightly
     * @param rotates whether it may get further keys; not where clients keep what comes of it
     */
    private record Keyset(Reader reader, String file, Kind kind, int since, boolean rotates) {

        @FunctionalInterface
        interface Kind {
            KeysetFile of(Path file) throws GeneralSecurityException;
        }

        /** Also its path below deploy/secrets, and in a backup. */
        String name() {
            return reader.directory() + "/" + file;
        }
    }

    /** A copy of a password, in the form in which its reader takes it. */
    private record Copy(Reader reader, String file) {}

    /** A password, which can be made anew at any time, since everybody who knows it reads it here. */
    private record Password(String name, List<Copy> copies) {}

    private static final List<Keyset> KEYSETS = List.of(
            new Keyset(Reader.AUTH_SERVICE, "token-keys.json", KeysetFile::aead, 1, true),
            new Keyset(Reader.AUTH_SERVICE, "vault.json", KeysetFile::aead, 1, true),
            new Keyset(Reader.AUTH_SERVICE, "pepper.json", KeysetFile::prf, 1, true),
            new Keyset(Reader.AUTH_SERVICE, "salt.json", KeysetFile::prf, 1, false),
            new Keyset(Reader.AUTH_SERVICE, "blinding.json", KeysetFile::prf, 1, true),
            new Keyset(Reader.AUTH_SERVICE, "log-key.json", KeysetFile::ed25519, 2, false),
            new Keyset(Reader.MAILBOX_SERVICE, "envelopes.json", KeysetFile::aead, 1, true),
            new Keyset(Reader.MAILBOX_SERVICE, "archive.json", KeysetFile::aead, 3, true));

    private static final List<Password> PASSWORDS = List.of(
            new Password(
                    "internal-secret",
                    List.of(
                            new Copy(Reader.AUTH_SERVICE, "internal-secret"),
                            new Copy(Reader.MAILBOX_SERVICE, "internal-secret"),
                            new Copy(Reader.SIGNALING_SERVICE, "internal-secret"))),
            new Password(
                    "auth-database-password",
                    List.of(
                            new Copy(Reader.AUTH_SERVICE, "config/quarkus.datasource.auth.password"),
                            new Copy(Reader.POSTGRES, "auth-password"))),
            new Password(
                    "mailbox-database-password",
                    List.of(
                            new Copy(Reader.MAILBOX_SERVICE, "config/quarkus.datasource.mailbox.password"),
                            new Copy(Reader.POSTGRES, "mailbox-password"))),
            new Password(
                    "valkey-password",
                    List.of(
                            new Copy(Reader.AUTH_SERVICE, "config/quarkus.redis.password"),
                            new Copy(Reader.MAILBOX_SERVICE, "config/quarkus.redis.password"),
                            new Copy(Reader.SIGNALING_SERVICE, "config/quarkus.redis.password"))),
            new Password("turn-secret", List.of(new Copy(Reader.SIGNALING_SERVICE, "turn-secret"))));

    private static final String CERTIFICATE = "tls/certificate.pem";
    private static final String KEY = "tls/key.pem";

    private final SecretsVolume volume;
    private final GivenSecrets given;
    private final Path database;

    Setup(SecretsVolume volume, GivenSecrets given, Path database) {
        this.volume = volume;
        this.given = given;
        this.database = database;
    }

    /** @param arguments the volume of secrets, the folder of given ones, the volume of the database */
    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("setup: give the volume of secrets, the folder of given ones, the database's volume");
            System.exit(2);
        }
        try {
            new Setup(
                            new SecretsVolume(Path.of(arguments[0]), true),
                            new GivenSecrets(Path.of(arguments[1]), System.getenv()),
                            Path.of(arguments[2]))
                    .run();
        } catch (CannotSetUp refused) {
            System.err.println("setup: " + refused.getMessage());
            System.exit(1);
        } catch (IOException | UncheckedIOException failure) {
            System.err.println("setup: The volume 'secrets' cannot be written (" + failure.getMessage() + ").");
            System.exit(1);
        }
    }

    void run() throws IOException {
        given.requireKnown(names());
        refuseDataWithoutSecrets();
        volume.open();
        volume.removeDrafts();
        for (Keyset keyset : KEYSETS) {
            provide(keyset);
        }
        for (Password password : PASSWORDS) {
            provide(password);
        }
        provideSuperuserPassword();
        writeValkeyUsers();
        writeTurnSecret();
        takeCertificate();
        volume.close();
        volume.markComplete();
    }

    private static Set<String> names() {
        Set<String> names = new HashSet<>(Set.of(GivenSecrets.SUPERUSER_PASSWORD, CERTIFICATE, KEY));
        KEYSETS.forEach(keyset -> names.add(keyset.name()));
        PASSWORDS.forEach(password -> names.add(password.name()));
        return names;
    }

    /** New keysets over old data would make a server on which every sign-in fails and nobody sees why. */
    private void refuseDataWithoutSecrets() throws IOException {
        OptionalInt format = volume.format();
        List<String> missing = new ArrayList<>();
        for (Keyset keyset : KEYSETS) {
            if (keyset.since() <= format.orElse(SecretsVolume.FORMAT)
                    && volume.read(keyset.reader(), keyset.file()).isEmpty()
                    && given.file(keyset.name()).isEmpty()) {
                missing.add(keyset.name());
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        if (format.isPresent()) {
            throw new CannotSetUp("The volume 'secrets' is damaged: it lacks " + String.join(", ", missing)
                    + "; put them from your backup into deploy/secrets/.");
        }
        if (holdsData()) {
            throw new CannotSetUp("The database holds data, but the volume 'secrets' that belongs to it is gone: put "
                    + String.join(", ", missing) + " from your backup into deploy/secrets/, or remove the volume"
                    + " 'database' as well to begin anew.");
        }
    }

    /** A database is made after the setup, so there is none while the first one is under way. */
    private boolean holdsData() throws IOException {
        if (!Files.isDirectory(database)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(database, 3)) {
            return files.anyMatch(file -> file.endsWith("PG_VERSION"));
        }
    }

    private void provide(Keyset keyset) {
        try {
            KeysetFile present = keyset.kind().of(volume.path(keyset.reader(), keyset.file()));
            Optional<byte[]> replacement = given.file(keyset.name());
            if (replacement.isPresent()) {
                requireUsable(keyset, present);
                volume.write(keyset.reader(), keyset.file(), replacement.get());
            } else {
                present.makeMissing(true).requireUsable();
            }
        } catch (IllegalStateException | GeneralSecurityException unusable) {
            throw new CannotSetUp(
                    "The volume 'secrets' is damaged: " + keyset.name() + " holds no keyset that can be used;"
                            + " put the file from your backup into deploy/secrets/.",
                    unusable);
        }
    }

    /** A given keyset may add keys to the present one where it rotates, but never lose one. */
    private void requireUsable(Keyset keyset, KeysetFile present) throws GeneralSecurityException {
        KeysetFile replacement = keyset.kind().of(given.path(keyset.name()));
        try {
            replacement.requireUsable();
        } catch (IllegalStateException unusable) {
            throw new CannotSetUp("deploy/secrets/" + keyset.name() + " holds no keyset that can be used.", unusable);
        }
        if (isUsable(present) && !replacement.holdsEveryKeyOf(present)) {
            throw new CannotSetUp("deploy/secrets/" + keyset.name() + " lacks keys that the volume 'secrets' has;"
                    + " what is sealed with them would be lost. Remove it, or the volumes 'secrets' and 'database'.");
        }
        if (!keyset.rotates() && isUsable(present) && !present.holdsEveryKeyOf(replacement)) {
            throw new CannotSetUp("deploy/secrets/" + keyset.name() + " has keys that the volume 'secrets' lacks;"
                    + " clients depend on the one that is there. Remove it.");
        }
    }

    private static boolean isUsable(KeysetFile keyset) {
        try {
            keyset.requireUsable();
            return true;
        } catch (IllegalStateException missingOrDamaged) {
            return false;
        }
    }

    private void provide(Password password) {
        String value =
                given.password(password.name()).or(() -> present(password)).orElseGet(SecretFile::random);
        for (Copy copy : password.copies()) {
            volume.write(copy.reader(), copy.file(), bytes(value));
        }
    }

    private Optional<String> present(Password password) {
        return password.copies().stream()
                .map(copy -> volume.read(copy.reader(), copy.file()))
                .flatMap(Optional::stream)
                .map(Setup::text)
                .findFirst();
    }

    private void provideSuperuserPassword() {
        String value = given.superuserPassword()
                .or(() -> volume.read(Reader.POSTGRES, "superuser-password").map(Setup::text))
                .orElseGet(SecretFile::random);
        volume.write(Reader.POSTGRES, "superuser-password", bytes(value));
    }

    /** The server needs only a hash. Its health check may say PING and nothing else, and needs no secret for it. */
    private void writeValkeyUsers() {
        byte[] password = volume.read(Reader.SIGNALING_SERVICE, "config/quarkus.redis.password")
                .orElseThrow();
        String users = "user default on #" + sha256(password) + " ~* &* +@all -@admin -@dangerous\n"
                + "user health on nopass -@all +ping\n";
        volume.write(Reader.VALKEY, "users.acl", bytes(users));
    }

    private void writeTurnSecret() {
        String secret = volume.read(Reader.SIGNALING_SERVICE, "turn-secret")
                .map(Setup::text)
                .orElseThrow();
        volume.write(Reader.COTURN, "turnserver.conf", bytes("use-auth-secret\nstatic-auth-secret=" + secret + "\n"));
    }

    /** Follows what is given, also when it is taken away: then the gateway makes a certificate of its own. */
    private void takeCertificate() {
        Optional<byte[]> certificate = given.file(CERTIFICATE);
        Optional<byte[]> key = given.file(KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new CannotSetUp("deploy/secrets/tls needs both certificate.pem and key.pem.");
        }
        for (Reader reader : List.of(Reader.GATEWAY, Reader.COTURN)) {
            certificate.ifPresentOrElse(
                    content -> volume.write(reader, CERTIFICATE, content), () -> volume.delete(reader, CERTIFICATE));
            key.ifPresentOrElse(content -> volume.write(reader, KEY, content), () -> volume.delete(reader, KEY));
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
