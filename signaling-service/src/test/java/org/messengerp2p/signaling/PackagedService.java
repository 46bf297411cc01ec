package org.messengerp2p.signaling;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.messengerp2p.testkit.FreePort;
import org.messengerp2p.testkit.JwksResource;

/** The packaged service as a process of its own, with published keys and doubles of the services it asks. */
public final class PackagedService implements AutoCloseable {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration START = Duration.ofSeconds(90);

    private final JwksResource keys = new JwksResource();
    private final AuthDouble auth;
    private final MailboxDouble mailbox = new MailboxDouble();
    private final Process process;
    private final Path log;
    private final int port;
    private final int managementPort;

    /**
     * @param heap largest heap, as {@code -Xmx} takes it; running out of it ends the process
     * @param settings beside the defaults
     */
    public PackagedService(String heap, Map<String, String> settings) throws IOException, InterruptedException {
        this(heap, settings, new AuthDouble());
    }

    /** @param auth not started yet, so that a test can remove devices before */
    public PackagedService(String heap, Map<String, String> settings, AuthDouble auth)
            throws IOException, InterruptedException {
        this.auth = auth;
        port = FreePort.find();
        managementPort = FreePort.find();
        log = Files.createTempFile("signaling", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:MaxDirectMemorySize=64m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.port=" + managementPort));
        keys.start().forEach((name, value) -> command.add("-D" + name + "=" + value));
        auth.start().forEach((name, value) -> command.add("-D" + name + "=" + value));
        mailbox.start().forEach((name, value) -> command.add("-D" + name + "=" + value));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", JAR.toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            awaitReady(URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready"));
        } catch (AssertionError | IOException | InterruptedException notStarted) {
            close();
            throw notStarted;
        }
    }

    /** What is asked about delivery tokens is asked here. */
    public MailboxDouble mailbox() {
        return mailbox;
    }

    public URI ws() {
        return URI.create("ws://127.0.0.1:" + port + "/ws");
    }

    /** What was dropped for this reason. */
    public double dropped(String reason) throws IOException {
        return sum(
                line -> line.startsWith("mp2p_signaling_dropped_total{") && line.contains("reason=\"" + reason + "\""));
    }

    /** The value of a metric, of all its labels together, as Prometheus reads it. */
    public double metric(String name) throws IOException {
        return sum(line -> line.startsWith(name + ' ') || line.startsWith(name + '{'));
    }

    private double sum(Predicate<String> isMeant) throws IOException {
        URI metrics = URI.create("http://127.0.0.1:" + managementPort + "/q/metrics");
        HttpURLConnection connection = (HttpURLConnection) metrics.toURL().openConnection();
        connection.setRequestProperty("Accept", "text/plain");
        String text = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return text.lines()
                .filter(isMeant)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** What the probe of a supervisor is answered. */
    public int readiness() throws IOException {
        URI ready = URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
        return ((HttpURLConnection) ready.toURL().openConnection()).getResponseCode();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM, as a supervisor stops it. */
    public void terminate() {
        process.destroy();
    }

    /** Whether the process ends in this time. */
    public boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for the end of the process; its exit code. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end");
        }
        return process.exitValue();
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws IOException {
        try {
            process.destroyForcibly().onExit().join();
            Files.delete(log);
        } finally {
            keys.stop();
            auth.stop();
            mailbox.stop();
        }
    }

    private void awaitReady(URI ready) throws IOException, InterruptedException {
        long until = System.nanoTime() + START.toNanos();
        while (!isReady(ready)) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new AssertionError("the service does not start:\n" + log());
            }
            Thread.sleep(100);
        }
    }

    private static boolean isReady(URI ready) {
        try {
            HttpURLConnection connection = (HttpURLConnection) ready.toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
