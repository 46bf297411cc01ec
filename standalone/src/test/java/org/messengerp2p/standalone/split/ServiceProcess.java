package org.messengerp2p.standalone.split;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.messengerp2p.testkit.FreePort;

/** One packaged service, started with nothing but its own settings. */
final class ServiceProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofMinutes(2);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String name;
    private final Process process;
    private final URI root;
    private final URI ready;
    private final Path log;

    private ServiceProcess(String name, Process process, int port, int managementPort, Path log) {
        this.name = name;
        this.process = process;
        this.root = URI.create("http://127.0.0.1:" + port + "/");
        this.ready = URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
        this.log = log;
    }

    /** @param name of the module, whose package lies beside this one's */
    static ServiceProcess start(String name, int port, Map<String, String> settings, Path logs) throws IOException {
        return start(name, port, settings, logs, "-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    }

    static ServiceProcess start(String name, int port, Map<String, String> settings, Path logs, String... options)
            throws IOException {
        int managementPort = FreePort.find();
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of(options));
        command.add("-Dquarkus.http.port=" + port);
        command.add("-Dquarkus.management.port=" + managementPort);
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(Path.of("..", name, "target", "quarkus-app", "quarkus-run.jar")
                .toAbsolutePath()
                .normalize()
                .toString());
        Path log = logs.resolve(name + "-" + port + ".log");
        Process process = new ProcessBuilder(command)
                .directory(logs.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
        return new ServiceProcess(name, process, port, managementPort, log);
    }

    URI root() {
        return root;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Waits for its end. */
    int exitStatus() throws InterruptedException {
        return process.waitFor();
    }

    /** Asks over HTTP, as a supervisor does. */
    void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError(name + " does not become ready:\n" + log());
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        process.destroy();
        // One that hangs in its start does not heed it.
        if (process.onExit()
                        .completeOnTimeout(null, STOP.toSeconds(), TimeUnit.SECONDS)
                        .join()
                == null) {
            process.destroyForcibly().onExit().join();
            throw new AssertionError(name + " does not end");
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return HTTP.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
