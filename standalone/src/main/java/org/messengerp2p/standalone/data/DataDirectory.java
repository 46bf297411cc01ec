package org.messengerp2p.standalone.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.messengerp2p.kit.secret.PrivateFiles;
import org.messengerp2p.standalone.CannotStart;

/**
 * Everything that outlives this process, below one directory of mode 0700, held by one process at a time.
 *
 * <pre>
 * settings.properties  the operator's settings, where there are any
 * format               number of this layout; written when the first start has come through
 * lock                 held by the running process
 * postgres/            binaries, data, password
 * secrets/             passwords of the services' database roles, keysets, token keys
 * tls/                 certificate and key
 * log/                 messenger.log, postgresql.log
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {

    /** Raised when an older program could not work on what a newer one has written. */
    private static final int FORMAT = 1;

    private static final String SETTINGS = "settings.properties";

    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** @throws CannotStart if it is not ours, not usable, of a newer version, or held by another process */
    public static DataDirectory open(Path path) {
        Path root = path.toAbsolutePath().normalize();
        try {
            requireOurs(root);
            PrivateFiles.directory(root);
            DataDirectory opened = new DataDirectory(root, lock(root));
            opened.requireKnownFormat();
            return opened;
        } catch (UncheckedIOException failure) {
            throw unusable(root, failure.getCause());
        } catch (IOException failure) {
            throw unusable(root, failure);
        }
    }

    /** False until the first start has come through; what an interrupted one left may be thrown away. */
    public boolean complete() {
        return Files.exists(formatFile());
    }

    /** From now on there are data to be kept. */
    public void markComplete() {
        if (!complete()) {
            PrivateFiles.write(formatFile(), (FORMAT + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    public Path postgres() {
        return PrivateFiles.directory(root.resolve("postgres"));
    }

    public Path secrets() {
        return PrivateFiles.directory(root.resolve("secrets"));
    }

    public Path tls() {
        return PrivateFiles.directory(root.resolve("tls"));
    }

    public Path log() {
        return PrivateFiles.directory(root.resolve("log"));
    }

    /** The operator's settings, where there are any. */
    public Optional<Path> settings() {
        return Optional.of(root.resolve(SETTINGS)).filter(Files::isRegularFile);
    }

    /** Lets the next process have it. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }

    /** A mistyped setting must not turn somebody's home directory into a data directory. */
    private static void requireOurs(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        if (!Files.isDirectory(root)) {
            throw new CannotStart("The data directory " + root + " is a file; set MESSENGER_DATA to a directory.");
        }
        if (Files.exists(root.resolve("lock"))) {
            return;
        }
        try (Stream<Path> files = Files.list(root)) {
            if (files.anyMatch(file -> !file.endsWith(SETTINGS))) {
                throw new CannotStart("The directory " + root
                        + " holds files that are not Messenger's; set MESSENGER_DATA to a new or an empty directory.");
            }
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        Path file = root.resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            lock = null;
        }
        if (lock == null) {
            String holder = Files.readString(file).strip();
            channel.close();
            throw new CannotStart("The data directory " + root + " is in use by process " + holder
                    + "; stop it first or set MESSENGER_DATA to another directory.");
        }
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
        return channel;
    }

    private void requireKnownFormat() throws IOException {
        if (!complete()) {
            return;
        }
        String written = Files.readString(formatFile()).strip();
        if (!written.matches("[1-9][0-9]{0,8}")) {
            close();
            throw new CannotStart("The data directory " + root + " is damaged: its file 'format' holds no number.");
        }
        if (Integer.parseInt(written) > FORMAT) {
            close();
            throw new CannotStart("The data directory " + root
                    + " was written by a newer version of Messenger; start that version or a newer one.");
        }
    }

    private Path formatFile() {
        return root.resolve("format");
    }

    private static CannotStart unusable(Path root, IOException failure) {
        return new CannotStart(
                "The data directory " + root + " cannot be used (" + reason(failure)
                        + "); set MESSENGER_DATA to a directory that you may write.",
                failure);
    }

    private static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
        return reason != null ? reason : failure.getClass().getSimpleName();
    }
}
