package org.messengerp2p.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * CPU time of a process and of all that it started, the ended ones too, from {@code /proc} (proc_pid_stat(5)), and their
 * memory. The sum of user and system time is the scheduler's exact run time, given in steps of 10 ms.
 */
public final class ProcessTree {

    /** USER_HZ is 100 on every Linux that Java runs on. */
    static final long MICROS_A_TICK = 10_000;

    private static final Path PROC = Path.of("/proc");

    private ProcessTree() {}

    /** Microseconds since the processes began. */
    public static long cpuMicros(List<Long> roots) {
        return roots.stream().mapToLong(ProcessTree::cpuMicros).sum();
    }

    /** As {@link #cpuMicros(List)}, for one root. A process that is gone has none. */
    public static long cpuMicros(long root) {
        long ticks = 0;
        for (long pid : members(root)) {
            ticks += stat(pid).map(Stat::ticks).orElse(0L);
        }
        return ticks * MICROS_A_TICK;
    }

    /**
     * KiB of memory that the processes and all that they started hold now: their proportional set size, in which a page
     * that several share counts in parts (proc_pid_smaps(5)). What the kernel keeps for their sockets is not in it.
     */
    public static long pssKib(List<Long> roots) {
        long kib = 0;
        for (long root : roots) {
            for (long pid : members(root)) {
                kib += pssKib(pid);
            }
        }
        return kib;
    }

    private static long pssKib(long pid) {
        try {
            return Files.readAllLines(PROC.resolve(pid + "/smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (NoSuchFileException ended) {
            return 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Set<Long> members(long root) {
        Map<Long, Set<Long>> children = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                stat(pid)
                        .ifPresent(stat -> children.computeIfAbsent(stat.parent(), parent -> new LinkedHashSet<>())
                                .add(pid));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Set<Long> members = new LinkedHashSet<>();
        Deque<Long> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            long pid = open.pop();
            if (members.add(pid)) {
                open.addAll(children.getOrDefault(pid, Set.of()));
            }
        }
        return members;
    }

    private static Optional<Stat> stat(long pid) {
        try {
            return Optional.of(Stat.parse(Files.readString(PROC.resolve(pid + "/stat"))));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /** @param ticks user and system time, of the process and of its children that it has waited for */
    record Stat(long parent, long ticks) {

        /** The second field is the program's name in brackets, in which anything may stand. */
        static Stat parse(String line) {
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int field = 11; field <= 14; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return new Stat(Long.parseLong(fields[1]), ticks);
        }
    }
}
