package org.messengerp2p.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the whole machine did, from {@code /proc/stat}. */
public final class Machine {

    private Machine() {}

    /** CPU microseconds that all processes together have spent since the machine began. */
    public static long busyMicros() {
        try {
            return busyMicros(Files.readAllLines(Path.of("/proc/stat")).get(0));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Of {@code cpu user nice system idle iowait irq softirq steal …}: all but idle, waiting and stolen time. */
    static long busyMicros(String line) {
        String[] fields = line.trim().split("\\s+");
        long ticks = 0;
        for (int field : new int[] {1, 2, 3, 6, 7}) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks * ProcessTree.MICROS_A_TICK;
    }
}
