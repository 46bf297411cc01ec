package org.messengerp2p.standalone.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.messengerp2p.kit.secret.PrivateFiles;
import org.messengerp2p.standalone.CannotStart;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, unpacked from the class path below the data directory. They appear there whole, by one
 * rename, so an interrupted start leaves no half of them.
 */
record PostgresBinaries(Path directory) {

    static PostgresBinaries unpack(Path parent) {
        Path wanted = parent.resolve("binaries-" + version());
        if (!Files.isDirectory(wanted)) {
            removeAll(parent);
            Path unpacking = PrivateFiles.directory(parent.resolve("binaries-new"));
            try (InputStream archive = archive();
                    TarArchiveInputStream tar =
                            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive, 1 << 16)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    unpack(tar, entry, unpacking);
                }
                Files.move(unpacking, wanted);
            } catch (IOException failure) {
                throw new CannotStart(
                        "PostgreSQL cannot be unpacked to " + parent + " (" + failure.getMessage()
                                + "); it needs 100 MB there.",
                        failure);
            }
        }
        return new PostgresBinaries(wanted);
    }

    Path program(String name) {
        return directory.resolve("bin").resolve(name);
    }

    static String majorVersion() {
        return version().substring(0, version().indexOf('.'));
    }

    private static String version() {
        try (InputStream properties = PostgresBinaries.class.getResourceAsStream("/postgres.properties")) {
            Properties read = new Properties();
            read.load(properties);
            return read.getProperty("version");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static InputStream archive() {
        String architecture = switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> "none";
        };
        InputStream archive = System.getProperty("os.name").equals("Linux")
                ? PostgresBinaries.class.getResourceAsStream("/postgres-linux-" + architecture + ".txz")
                : null;
        if (archive == null) {
            throw new CannotStart("There is no PostgreSQL for this machine (" + System.getProperty("os.name") + ", "
                    + System.getProperty("os.arch") + "); this way to run it needs Linux on x86-64 or arm64.");
        }
        return archive;
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
            throw new IOException("the archive leaves its directory");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(file, target.resolve(entry.getLinkName()));
        } else {
            Files.copy(tar, file);
            boolean program = file.getParent().endsWith("bin") || (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(program ? "rwx------" : "rw-------"));
        }
    }

    private static void removeAll(Path parent) {
        try (Stream<Path> left = Files.list(parent)) {
            left.filter(file -> file.getFileName().toString().startsWith("binaries-"))
                    .forEach(PostgresBinaries::remove);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void remove(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
