package org.messengerp2p.kit.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.PublicKeySign;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AeadKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfConfig2026;
import com.google.crypto.tink.prf.PrfSet;
import com.google.crypto.tink.signature.Ed25519PrivateKey;
import com.google.crypto.tink.signature.PredefinedSignatureParameters;
import com.google.crypto.tink.signature.SignatureConfig2026;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;

/**
 * One Tink keyset in one file that its owner alone may read. Whoever uses it has Tink among its own dependencies; the
 * kit does not bring it to a service that keeps nothing.
 */
public final class KeysetFile {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final String OWNER = "unix:uid";
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path file;
    private final Parameters parameters;
    private final Configuration primitives;

    private KeysetFile(Path file, Parameters parameters, Configuration primitives) {
        this.file = file;
        this.parameters = parameters;
        this.primitives = primitives;
    }

    /** Keys that seal what is stored. */
    public static KeysetFile aead(Path file) throws GeneralSecurityException {
        return new KeysetFile(file, PredefinedAeadParameters.XAES_256_GCM_192_BIT_NONCE, AeadConfig2026.get());
    }

    /** Keys of a keyed hash. */
    public static KeysetFile prf(Path file) throws GeneralSecurityException {
        return new KeysetFile(file, PredefinedPrfParameters.HMAC_SHA256_PRF, PrfConfig2026.get());
    }

    /** One Ed25519 key, whose signatures are those of RFC 8032 and nothing more: others than Tink verify them. */
    public static KeysetFile ed25519(Path file) throws GeneralSecurityException {
        return new KeysetFile(file, PredefinedSignatureParameters.ED25519WithRawOutput, SignatureConfig2026.get());
    }

    /** Makes the keyset where {@code wanted} and the file is missing; a missing file is told when it is opened. */
    public KeysetFile makeMissing(boolean wanted) throws GeneralSecurityException {
        try {
            if (wanted && Files.notExists(file)) {
                make();
            }
            return this;
        } catch (IOException unusable) {
            throw new IllegalStateException("the keyset file " + file + " cannot be made", unusable);
        }
    }

    public Aead openAead() throws GeneralSecurityException {
        return read().getPrimitive(primitives, Aead.class);
    }

    /**
     * What an AEAD keyset seals and opens with.
     *
     * @param aead seals by the primary key, opens by each
     * @param keys how many there are
     * @param prefix how everything begins that the primary key has sealed
     */
    public record Sealer(Aead aead, int keys, byte[] prefix) {}

    /** @throws IllegalStateException if the file is missing or holds no keyset */
    public Sealer openSealer() throws GeneralSecurityException {
        KeysetHandle keyset = read();
        return new Sealer(
                keyset.getPrimitive(primitives, Aead.class),
                keyset.size(),
                ((AeadKey) keyset.getPrimary().getKey()).getOutputPrefix().toByteArray());
    }

    public PrfSet openPrf() throws GeneralSecurityException {
        return read().getPrimitive(primitives, PrfSet.class);
    }

    /**
     * What an Ed25519 keyset signs with.
     *
     * @param keyId Tink's number of the key
     * @param publicKey 32 bytes
     */
    public record Signer(int keyId, byte[] publicKey, PublicKeySign sign) {}

    /** @throws IllegalStateException if the key that signs is not of {@link #ed25519}'s kind */
    public Signer openSigner() throws GeneralSecurityException {
        KeysetHandle keyset = read();
        KeysetHandle.Entry primary = keyset.getPrimary();
        if (!(primary.getKey() instanceof Ed25519PrivateKey key)
                || !key.getParameters().equals(PredefinedSignatureParameters.ED25519WithRawOutput)) {
            throw new IllegalStateException("the keyset file " + file + " holds no Ed25519 key without a prefix");
        }
        return new Signer(
                primary.getId(),
                key.getPublicKey().getPublicKeyBytes().toByteArray(),
                keyset.getPrimitive(primitives, PublicKeySign.class));
    }

    /** @throws IllegalStateException if the file is missing or holds no keyset */
    public KeysetFile requireUsable() {
        read();
        return this;
    }

    /** Whether what the other file's keyset has sealed or hashed can be opened or verified with this one. */
    public boolean holdsEveryKeyOf(KeysetFile other) {
        KeysetHandle mine = read();
        KeysetHandle theirs = other.read();
        for (int each = 0; each < theirs.size(); each++) {
            if (!holds(mine, theirs.getAt(each))) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(KeysetHandle keyset, KeysetHandle.Entry wanted) {
        for (int each = 0; each < keyset.size(); each++) {
            if (keyset.getAt(each).getKey().equalsKey(wanted.getKey())) {
                return true;
            }
        }
        return false;
    }

    /** The keyset with one key more, which only opens. */
    KeysetHandle withOneMore(KeysetHandle keyset) throws GeneralSecurityException {
        return KeysetHandle.newBuilder(keyset)
                .setConfiguration(primitives)
                .addEntry(KeysetHandle.generateEntryFromParameters(parameters).withRandomId())
                .build();
    }

    /** Replaces the keyset, whole or not at all; owner and permissions stay those of the file. */
    void replace(KeysetHandle keyset) throws GeneralSecurityException {
        PrivateFiles.write(file, json(keyset), written -> {
            Object owner = Files.getAttribute(file, OWNER);
            if (!owner.equals(Files.getAttribute(written, OWNER))) {
                Files.setAttribute(written, OWNER, owner);
            }
            Files.setPosixFilePermissions(written, Files.getPosixFilePermissions(file));
        });
    }

    Path file() {
        return file;
    }

    KeysetHandle read() {
        if (Files.notExists(file)) {
            throw new IllegalStateException(
                    "the keyset file " + file + " is missing; without it what was stored cannot be read");
        }
        try {
            return TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(file), primitives, InsecureSecretKeyAccess.get());
        } catch (IOException unusable) {
            throw new IllegalStateException("the keyset file " + file + " cannot be read", unusable);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the keyset file " + file + " holds no keyset that can be used", broken);
        }
    }

    private byte[] json(KeysetHandle keyset) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, primitives, InsecureSecretKeyAccess.get())
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whole or not at all, and on the disk before anything is sealed by it: neither a crash nor another replica that
     * starts at the same moment may see half a keyset.
     */
    private void make() throws IOException, GeneralSecurityException {
        KeysetHandle keyset = KeysetHandle.generateNew(parameters, primitives);
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder, OWNER_FOLDER);
        Path draft = Files.createTempFile(folder, file.getFileName().toString(), ".draft", OWNER_FILE);
        try {
            Files.write(draft, json(keyset), StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException anotherReplicaWasFirst) {
            // Its keyset is the one to use.
        } finally {
            Files.delete(draft);
        }
        try (FileChannel entries = FileChannel.open(folder)) {
            entries.force(true);
        }
    }
}
