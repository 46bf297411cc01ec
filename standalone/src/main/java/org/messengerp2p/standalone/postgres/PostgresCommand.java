package org.messengerp2p.standalone.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.messengerp2p.standalone.CannotStart;

/**
 * Runs one program of PostgreSQL to its end. PostgreSQL refuses to run as root; root therefore runs it in a user
 * namespace of its own in which it is nobody.
 */
final class PostgresCommand {

    private static final List<String> IN_A_USER_NAMESPACE = List.of("unshare", "-U");

    private final List<String> prefix;

    PostgresCommand() {
        this.prefix = runsAsRoot() ? IN_A_USER_NAMESPACE : List.of();
        if (!prefix.isEmpty() && run(List.of("true")) != 0) {
            throw new CannotStart("PostgreSQL does not run as root and no user namespace can be made here"
                    + " (unshare -U); start Messenger as another user.");
        }
    }

    /** @return the exit status; what the program says goes to the file where one is given */
    int run(Path output, Path program, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return run(command, ProcessBuilder.Redirect.appendTo(output.toFile()));
    }

    private int run(List<String> command) {
        return run(command, ProcessBuilder.Redirect.DISCARD);
    }

    private int run(List<String> command, ProcessBuilder.Redirect output) {
        List<String> prefixed = new ArrayList<>(prefix);
        prefixed.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(prefixed).redirectErrorStream(true).redirectOutput(output);
        // Messages of PostgreSQL are read by this program and go to a log, so they are in one language.
        builder.environment().put("LC_ALL", "C");
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        try {
            return builder.start().waitFor();
        } catch (IOException failure) {
            if (!prefix.isEmpty() && command.equals(List.of("true"))) {
                return 127;
            }
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL was at work", interrupted);
        }
    }

    /** The effective user of this process, by the kernel's own word; a name would need a lookup. */
    private static boolean runsAsRoot() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.US_ASCII).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .anyMatch(line -> line.split("\\s+")[2].equals("0"));
        } catch (IOException noProc) {
            return "root".equals(System.getProperty("user.name"));
        }
    }
}
