package org.messengerp2p.mailbox.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that is started again at once whenever it ends, as a supervisor does, until it is closed. */
final class RestartedProcess implements AutoCloseable {

    /** One that cannot start yet ends soon. */
    private static final long PAUSE_MILLIS = 100;

    private final List<String> command;
    private final Path log;
    private final Thread atExit = new Thread(this::end);
    private Process current;
    private boolean closed;

    RestartedProcess(List<String> command, Path log) {
        this.command = command;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    synchronized void start() {
        if (closed) {
            return;
        }
        try {
            current = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        long startedAt = System.nanoTime();
        current.onExit().thenRun(() -> startAgain(startedAt));
    }

    /** The one that runs now, or has just ended. */
    synchronized ProcessHandle handle() {
        return current.toHandle();
    }

    /** SIGKILL, and first of all to the process itself, so that it starts nothing anew. */
    static void kill(ProcessHandle process, boolean withChildren) {
        List<ProcessHandle> children = withChildren ? process.descendants().toList() : List.of();
        Stream.concat(Stream.of(process), children.stream()).forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void end() {
        Process last;
        synchronized (this) {
            closed = true;
            last = current;
        }
        if (last != null) {
            kill(last.toHandle(), true);
            last.onExit().join();
        }
    }

    private void startAgain(long startedAt) {
        boolean livedLong = System.nanoTime() - startedAt > TimeUnit.SECONDS.toNanos(1);
        CompletableFuture.delayedExecutor(livedLong ? 0 : PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                .execute(this::start);
    }
}
