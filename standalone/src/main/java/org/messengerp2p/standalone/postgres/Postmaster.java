package org.messengerp2p.standalone.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.messengerp2p.standalone.CannotStart;

/**
 * The server process of one data directory, found by its {@code postmaster.pid}. It is a process of its own, so a
 * SIGKILL of this one leaves it running. Only a process whose command line names the data directory is ever
 * signalled.
 */
final class Postmaster {

    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration CHILDREN_END = Duration.ofSeconds(10);

    private final Path data;

    Postmaster(Path data) {
        this.data = data;
    }

    /** The running server; empty where the file is missing, stale or names a process that is not ours. */
    Optional<ProcessHandle> running() {
        return pid().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).filter(this::servesThisDirectory);
    }

    /** Fast shutdown: sessions end, everything is written, the next start needs no recovery. */
    void stop() {
        Optional<ProcessHandle> server = running();
        if (server.isEmpty()) {
            return;
        }
        signalInterrupt(server.get().pid());
        if (!await(STOP, () -> !Files.exists(pidFile()) || running().isEmpty())) {
            throw new CannotStart("PostgreSQL (process " + server.get().pid() + ") of the data directory " + data
                    + " does not stop; see the log beside it.");
        }
    }

    /** Ends what an earlier run left behind, so that a server can start. Never touches another process. */
    void clearWhatIsLeft() {
        stop();
        // A killed postmaster's children end by themselves as soon as they notice; two servers on one directory would
        // destroy it, and only they can still hold it.
        if (!await(CHILDREN_END, () -> !anyProcessWorksHere())) {
            throw new CannotStart("Processes of an earlier PostgreSQL still work in " + data + "; stop them first.");
        }
        if (pid().flatMap(ProcessHandle::of).isPresent()) {
            // The number belongs to some other process now, and PostgreSQL would refuse to start because of it.
            delete(pidFile());
        }
    }

    private boolean servesThisDirectory(ProcessHandle process) {
        return process.info()
                .arguments()
                .map(List::of)
                .map(arguments -> {
                    int option = arguments.indexOf("-D");
                    return option >= 0
                            && option + 1 < arguments.size()
                            && arguments.get(option + 1).equals(data.toString());
                })
                .orElse(false);
    }

    /** Every process of a server has the data directory as its working directory. */
    private boolean anyProcessWorksHere() {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            return processes.anyMatch(process -> {
                try {
                    return Files.isSameFile(Path.of("/proc/" + process.pid() + "/cwd"), data);
                } catch (IOException endedOrNotOurs) {
                    return false;
                }
            });
        }
    }

    private Optional<Long> pid() {
        try (Stream<String> lines = Files.lines(pidFile())) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("[1-9][0-9]{0,9}"))
                    .map(Long::valueOf);
        } catch (IOException | UncheckedIOException absent) {
            return Optional.empty();
        }
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    /** Java itself can send only TERM, with which PostgreSQL waits for its clients, and KILL. */
    private static void signalInterrupt(long pid) {
        try {
            new ProcessBuilder("sh", "-c", "kill -INT \"$1\"", "sh", Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Polls, since a process that is not a child and a file that goes have no event that Java could wait for. */
    private static boolean await(Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
