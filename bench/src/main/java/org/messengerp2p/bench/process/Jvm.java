package org.messengerp2p.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How every JVM that is measured starts: the same Java, the same heap, the same collector. */
public final class Jvm {

    private static final List<String> FLAGS =
            List.of("-Xms192m", "-Xmn96m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData");

    private Jvm() {}

    public static List<String> runningClass(Class<?> main, List<String> arguments) {
        List<String> command = command();
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    public static List<String> runningJar(Path jar, Map<String, String> properties) {
        return runningJar(jar, properties, List.of());
    }

    /** @param further flags, of which one may take the place of a usual one */
    public static List<String> runningJar(Path jar, Map<String, String> properties, List<String> further) {
        List<String> command = command();
        command.addAll(further);
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** Has a JVM collect its garbage, and waits for the end of that. */
    public static void collectGarbage(long pid) throws InterruptedException {
        try {
            Process tool = new ProcessBuilder(tool("jcmd"), String.valueOf(pid), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (tool.waitFor() != 0) {
                throw new IllegalStateException("jcmd does not reach the process that is measured");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        command.addAll(FLAGS);
        return command;
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
