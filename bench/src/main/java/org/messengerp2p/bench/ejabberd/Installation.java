package org.messengerp2p.bench.ejabberd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * ejabberd as Debian installs it.
 *
 * @param libraries directory of the Erlang applications, ejabberd among them
 * @param schema its tables for PostgreSQL
 */
record Installation(Path erlang, Path libraries, Path schema) {

    private static final Path ERLANG = Path.of("/usr/bin/erl");
    private static final Path SCHEMA = Path.of("/usr/share/ejabberd/sql/pg.sql");

    static Optional<Installation> find() {
        if (!Files.isExecutable(ERLANG) || !Files.exists(SCHEMA)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-*")) {
            for (Path libraries : found) {
                if (holdsEjabberd(libraries)) {
                    return Optional.of(new Installation(ERLANG, libraries, SCHEMA));
                }
            }
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean holdsEjabberd(Path libraries) throws IOException {
        try (DirectoryStream<Path> applications = Files.newDirectoryStream(libraries, "ejabberd-*")) {
            return applications.iterator().hasNext();
        }
    }
}
