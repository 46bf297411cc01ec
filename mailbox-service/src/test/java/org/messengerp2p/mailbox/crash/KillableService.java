package org.messengerp2p.mailbox.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The packaged service; after a kill it is started again on the same port. */
final class KillableService implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final RestartedProcess process;
    private final URI ready;
    private final Path log;

    /** @param application a folder as Quarkus makes it, with {@code quarkus-run.jar} */
    KillableService(Path application, int port, int managementPort, Map<String, String> settings, Path folder) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-Dquarkus.http.port=" + port);
        command.add("-Dquarkus.management.port=" + managementPort);
        command.add("-jar");
        command.add(application.resolve("quarkus-run.jar").toString());
        log = folder.resolve("service.log");
        process = new RestartedProcess(command, log);
        ready = URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
    }

    void start() throws InterruptedException {
        process.start();
        awaitReady();
    }

    void kill() {
        ProcessHandle running = process.handle();
        RestartedProcess.kill(running, false);
        running.onExit().join();
    }

    void awaitReady() throws InterruptedException {
        Eventually.isTrue(
                "the service is ready",
                () -> HTTP.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }

    /** The last of what all its runs said. */
    String lastLines() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    @Override
    public void close() {
        process.close();
    }
}
