package org.messengerp2p.mailbox.schema;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.messengerp2p.mailbox.MailboxSettings;

/**
 * Every SQL text of the service, read from the constants of its class files: none can be left out, wherever it stands.
 */
final class ServiceStatements {

    private static final Pattern SQL = Pattern.compile(
            "\\s*(with|select|insert into|update|delete from|merge into|vacuum|analyze|lock|truncate|copy|call)\\s.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private ServiceStatements() {}

    /** @param in the class that holds it, without its package */
    record Statement(String in, String sql) {}

    static List<Statement> all() {
        try {
            Path classes = Path.of(MailboxSettings.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(classes)) {
                return files.filter(file -> file.toString().endsWith(".class"))
                        .sorted()
                        .flatMap(ServiceStatements::in)
                        .toList();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Stream<Statement> in(Path file) {
        String name = file.getFileName().toString().replace(".class", "");
        return texts(file).stream()
                .filter(text -> SQL.matcher(text).matches())
                .map(text -> new Statement(name, text.replaceAll("--[^\n]*", "").strip()));
    }

    /** The texts of a class file's pool of constants (JVM specification §4.4). */
    private static List<String> texts(Path file) {
        List<String> texts = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            in.skipNBytes(8);
            int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts.add(in.readUTF());
                    case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        i++; // takes two places
                    }
                    default -> throw new IllegalStateException("constant " + tag + " in " + file);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return texts;
    }
}
