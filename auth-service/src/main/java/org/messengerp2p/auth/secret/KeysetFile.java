package org.messengerp2p.auth.secret;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;

/** One Tink keyset in one file. */
final class KeysetFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private KeysetFile() {}

    /** Reads the keyset, or makes one of these parameters where the file is missing. */
    static KeysetHandle readOrMake(Path file, Parameters parameters, Configuration primitives)
            throws GeneralSecurityException {
        try {
            if (Files.notExists(file)) {
                make(file, KeysetHandle.generateNew(parameters, primitives), primitives);
            }
            return TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(file), primitives, InsecureSecretKeyAccess.get());
        } catch (IOException unusable) {
            throw new IllegalStateException("the secret file " + file + " cannot be read or made", unusable);
        }
    }

    /** Whole or not at all: another replica that starts at the same moment must not read half of it. */
    private static void make(Path file, KeysetHandle keyset, Configuration primitives)
            throws IOException, GeneralSecurityException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder, OWNER_FOLDER);
        Path draft = Files.createTempFile(folder, file.getFileName().toString(), ".draft", OWNER_FILE);
        try {
            Files.writeString(
                    draft,
                    TinkJsonProtoKeysetFormat.serializeKeyset(keyset, primitives, InsecureSecretKeyAccess.get()));
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException otherReplicaWasFirst) {
            // Its keyset is the one to use.
        } finally {
            Files.delete(draft);
        }
    }
}
