package org.messengerp2p.kit.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operator gives instead of letting it be made: files of {@code deploy/secrets/}, and the password of the
 * database's superuser also by {@code POSTGRES_PASSWORD}.
 */
final class GivenSecrets {

    static final String SUPERUSER_PASSWORD = "postgres-password";

    private static final String README = "README.md";
    /** What needs no quoting wherever a password goes: settings, SQL, ACL files, URIs. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~+/=-]{16,512}");

    private static final Pattern ONE_LINE = Pattern.compile("[^\\r\\n\\x00]{1,512}");

    private final Path directory;
    private final Map<String, String> environment;

    GivenSecrets(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** A file with a name slightly off would else be passed over in silence. */
    void requireKnown(Set<String> names) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            for (Path file : regular) {
                String name = directory.relativize(file).toString();
                if (!name.equals(README) && !file.getFileName().toString().startsWith(".") && !names.contains(name)) {
                    throw new CannotSetUp("deploy/secrets holds '" + name + "', which is no secret of Messenger;"
                            + " the names are " + names.stream().sorted().collect(Collectors.joining(", ")) + ".");
                }
            }
        }
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    Optional<byte[]> file(String name) {
        try {
            return Files.isRegularFile(path(name)) ? Optional.of(Files.readAllBytes(path(name))) : Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A secret for programs: 16 characters or more, none that would have to be quoted. */
    Optional<String> password(String name) {
        Optional<String> given = line(name);
        if (given.isPresent() && !PLAIN.matcher(given.get()).matches()) {
            throw new CannotSetUp("deploy/secrets/" + name
                    + " must be one line of 16 or more letters, digits and the signs . _ ~ + / = -");
        }
        return given;
    }

    /** The one password that people also type: any single line. */
    Optional<String> superuserPassword() {
        Optional<String> file = line(SUPERUSER_PASSWORD);
        Optional<String> variable =
                Optional.ofNullable(environment.get("POSTGRES_PASSWORD")).filter(value -> !value.isEmpty());
        if (file.isPresent() && variable.isPresent() && !file.equals(variable)) {
            throw new CannotSetUp("POSTGRES_PASSWORD and deploy/secrets/" + SUPERUSER_PASSWORD
                    + " give two passwords; remove one of them.");
        }
        Optional<String> given = file.or(() -> variable);
        if (given.isPresent() && !ONE_LINE.matcher(given.get()).matches()) {
            throw new CannotSetUp(
                    "The password of the database's superuser must be one line of at most 512" + " characters.");
        }
        return given;
    }

    private Optional<String> line(String name) {
        return file(name).map(content -> new String(content, StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", ""));
    }
}
