package org.messengerp2p.mailbox.crash;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A copy of the packaged service in which one class is another: its source with one place changed, compiled against the
 * package. So the product needs no switch for what it must never do. A source that has no such place is an error: the
 * break must follow when the product changes.
 */
final class BrokenBuild {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path PACKAGED = Path.of("target/quarkus-app");

    private final Path application;
    private final Path work;

    BrokenBuild(Path folder) throws IOException {
        application = folder.resolve("broken-app");
        work = Files.createDirectories(folder.resolve("broken-classes"));
        try (Stream<Path> files = Files.walk(PACKAGED)) {
            for (Path file : files.toList()) {
                Files.copy(file, application.resolve(PACKAGED.relativize(file)));
            }
        }
    }

    /**
     * @param type such as {@code org/messengerp2p/mailbox/collection/WaitingEnvelopes}
     * @param place what the source has exactly once
     * @return the folder of the application
     */
    Path with(String type, String place, String replacement) throws IOException {
        String source = Files.readString(SOURCES.resolve(type + ".java"));
        String changed = constructibleByAProxy(type, replace(source, type, place, replacement));
        Path file = work.resolve(type + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, changed);
        compile(file);
        putIntoTheJars();
        return application;
    }

    private static String replace(String source, String type, String place, String replacement) {
        int at = source.indexOf(place);
        if (at < 0 || source.indexOf(place, at + 1) >= 0) {
            throw new AssertionError(type + " does not have exactly one \"" + place + "\": break it in another way");
        }
        return source.substring(0, at) + replacement + source.substring(at + place.length());
    }

    /** What Quarkus' build adds to a bean: a constructor without parameters. */
    private static String constructibleByAProxy(String type, String source) {
        String name = type.substring(type.lastIndexOf('/') + 1);
        String constructor = "\n    " + name + "(";
        return replace(source, type, constructor, constructor + ") {}\n" + constructor)
                .replace("    private final ", "    private ");
    }

    private void compile(Path file) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> packaged = Files.walk(application)) {
            String classPath = packaged.map(Path::toString)
                    .filter(path -> path.endsWith(".jar"))
                    .collect(Collectors.joining(":"));
            List<String> options =
                    List.of("-proc:none", "-parameters", "--release", "17", "-cp", classPath, "-d", work.toString());
            if (!compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call()) {
                throw new AssertionError("the broken class does not compile: " + said);
            }
        }
    }

    /** Into each jar that has them: Quarkus keeps the classes it has changed in one of its own. */
    private void putIntoTheJars() throws IOException {
        int replaced = 0;
        for (Path jar : jarsOfTheProduct()) {
            try (FileSystem inside = FileSystems.newFileSystem(jar);
                    Stream<Path> compiled = Files.walk(work)) {
                for (Path file : compiled.filter(path -> path.toString().endsWith(".class"))
                        .toList()) {
                    Path target = inside.getPath("/" + work.relativize(file));
                    if (Files.exists(target)) {
                        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                        replaced++;
                    }
                }
            }
        }
        if (replaced == 0) {
            throw new AssertionError("the package does not hold the class where it was looked for");
        }
    }

    private List<Path> jarsOfTheProduct() throws IOException {
        try (Stream<Path> app = Files.list(application.resolve("app"))) {
            return Stream.concat(app, Stream.of(application.resolve("quarkus/transformed-bytecode.jar")))
                    .toList();
        }
    }
}
