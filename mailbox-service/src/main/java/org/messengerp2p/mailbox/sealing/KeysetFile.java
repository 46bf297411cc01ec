package org.messengerp2p.mailbox.sealing;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
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

/** One Tink keyset in one file that its owner alone may read. */
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
            throw new IllegalStateException("the keyset file " + file + " cannot be read or made", unusable);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the keyset file " + file + " holds no keyset that can be used", broken);
        }
    }

    /**
     * Whole or not at all, and on the disk before anything is sealed by it: neither a crash nor another replica that
     * starts at the same moment may see half a keyset.
     */
    private static void make(Path file, KeysetHandle keyset, Configuration primitives)
            throws IOException, GeneralSecurityException {
        byte[] json = TinkJsonProtoKeysetFormat.serializeKeyset(keyset, primitives, InsecureSecretKeyAccess.get())
                .getBytes(StandardCharsets.UTF_8);
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder, OWNER_FOLDER);
        Path draft = Files.createTempFile(folder, file.getFileName().toString(), ".draft", OWNER_FILE);
        try {
            Files.write(draft, json, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
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
