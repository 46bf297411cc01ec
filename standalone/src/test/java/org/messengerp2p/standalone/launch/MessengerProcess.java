package org.messengerp2p.standalone.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.testkit.FreePort;

/** The packaged application as {@code ./messenger up} starts it. */
final class MessengerProcess implements AutoCloseable {

    /** Each of these processes is short-lived: what C2 would compile is over before it pays. */
    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();

    private final Process process;
    private final Path errors;
    private final BufferedReader output;

    private MessengerProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static MessengerProcess start(Map<String, String> environment) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(JVM);
        command.addAll(List.of("-jar", JAR.toString()));
        Path errors = Files.createTempFile("messenger", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MESSENGER_"));
        builder.environment().putAll(environment);
        return new MessengerProcess(builder.start(), errors);
    }

    /** Settings for an instance of its own. */
    static Map<String, String> settings(Path data, Path web) throws IOException {
        return new HashMap<>(Map.of(
                "MESSENGER_DATA", data.toString(),
                "MESSENGER_WEB", web.toString(),
                "MESSENGER_PORT", Integer.toString(FreePort.find()),
                "MESSENGER_MANAGEMENT_PORT", Integer.toString(FreePort.find())));
    }

    /** The first line of standard output, which is the URL; null if it ended before. */
    String firstLine() throws IOException {
        return output.readLine();
    }

    String restOfOutput() throws IOException {
        return String.join("\n", output.lines().toList());
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    void terminate() {
        process.toHandle().destroy();
    }

    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        try {
            terminate();
            exitStatus();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Files.delete(errors);
    }
}
