package org.messengerp2p.kit.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.messengerp2p.kit.secret.PrivateFiles;

/**
 * The volume that every container mounts read-only: a directory for each reader, closed to the others, and in it files
 * that the reader alone may read. Its file {@code format} says that a setup has once come through.
 */
final class SecretsVolume {

    /**
     * Raised when an older program must not go on with what a newer one has written. Since 2 there is the key of the
     * log, into which an older auth-service would not write; since 3 that of the archive.
     */
    static final int FORMAT = 3;

    private static final Set<PosixFilePermission> CLOSED = PosixFilePermissions.fromString("r-x------");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("r--------");

    private final Path root;
    private final boolean handsOver;

    /** @param handsOver false where we may not: then everything stays ours */
    SecretsVolume(Path root, boolean handsOver) {
        this.root = root;
        this.handsOver = handsOver;
    }

    /** The format of the last setup that came through: nothing may be missing that belongs to it. */
    OptionalInt format() {
        return content(root.resolve("format"))
                .map(written -> OptionalInt.of(known(new String(written, StandardCharsets.US_ASCII).strip())))
                .orElse(OptionalInt.empty());
    }

    void markComplete() {
        if (format().orElse(0) != FORMAT) {
            PrivateFiles.write(root.resolve("format"), (FORMAT + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    Path path(Reader reader, String file) {
        return root.resolve(reader.directory()).resolve(file);
    }

    Optional<byte[]> read(Reader reader, String file) {
        return content(path(reader, file));
    }

    /** Leaves a file alone that has this content already. */
    void write(Reader reader, String file, byte[] content) {
        Path path = path(reader, file);
        if (!content(path).filter(present -> Arrays.equals(present, content)).isPresent()) {
            PrivateFiles.directory(path.getParent());
            PrivateFiles.write(path, content, written -> hand(written, reader, READABLE));
        }
    }

    void delete(Reader reader, String file) {
        try {
            Files.deleteIfExists(path(reader, file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** While it is open its files can be replaced by us, whoever we are. */
    void open() throws IOException {
        for (Reader reader : Reader.values()) {
            Path directory = PrivateFiles.directory(root.resolve(reader.directory()));
            try (Stream<Path> found = Files.list(directory)) {
                found.filter(Files::isDirectory).forEach(PrivateFiles::directory);
            }
        }
    }

    /** Hands everything to its reader; heals also what a setup left that was stopped in the middle. */
    void close() throws IOException {
        for (Reader reader : Reader.values()) {
            try (Stream<Path> found = Files.walk(root.resolve(reader.directory()))) {
                List<Path> inner = found.sorted(Comparator.reverseOrder()).toList();
                for (Path path : inner) {
                    hand(path, reader, Files.isDirectory(path) ? CLOSED : READABLE);
                }
            }
        }
    }

    /** What a setup left that was stopped in the middle: its unfinished files. */
    void removeDrafts() throws IOException {
        try (Stream<Path> found = Files.walk(root)) {
            for (Path path : found.toList()) {
                String name = path.getFileName().toString();
                if (Files.isRegularFile(path) && (name.endsWith(".new") || name.endsWith(".draft"))) {
                    Files.delete(path);
                }
            }
        }
    }

    private void hand(Path path, Reader reader, Set<PosixFilePermission> permissions) throws IOException {
        if (handsOver) {
            Files.setAttribute(path, "unix:uid", reader.user());
            Files.setAttribute(path, "unix:gid", reader.user());
        }
        Files.setPosixFilePermissions(path, permissions);
    }

    private static int known(String format) {
        for (int known = 1; known <= FORMAT; known++) {
            if (format.equals(Integer.toString(known))) {
                return known;
            }
        }
        throw new CannotSetUp("The volume 'secrets' was written by a newer version of Messenger;"
                + " start that version or a newer one.");
    }

    private static Optional<byte[]> content(Path path) {
        try {
            return Files.isRegularFile(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
