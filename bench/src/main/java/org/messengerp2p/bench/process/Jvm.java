package org.messengerp2p.bench.process;

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
        List<String> command = command();
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        return command;
    }
}
