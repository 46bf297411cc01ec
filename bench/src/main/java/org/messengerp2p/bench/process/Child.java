package org.messengerp2p.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the bench. It ends with the bench, by its own process id. */
public final class Child implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final Thread endsWithUs;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.endsWithUs = new Thread(this::endAll, "end of " + log.getFileName());
        Runtime.getRuntime().addShutdownHook(endsWithUs);
    }

    /** @param log where it writes what it says */
    public static Child start(List<String> command, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new Child(builder.start(), log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A port of the loopback address that was free a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Waits until something listens on the port. */
    public Child awaitPort(int port) throws InterruptedException {
        awaitUntil(() -> listens(port));
        return this;
    }

    /** @throws IllegalStateException if the process ends first, or is not ready in a minute and therefore ended */
    public void awaitUntil(Check ready) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.holds()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IllegalStateException("a process did not become ready; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(endsWithUs);
        } catch (InterruptedException hurry) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** What it has started does not always end with it: workers of nginx serve on when their master is killed. */
    private void endAll() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Whether a process is ready. */
    @FunctionalInterface
    public interface Check {
        boolean holds() throws InterruptedException;
    }
}
