package org.messengerp2p.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTreeTest {

    @TempDir
    Path folder;

    @Test
    void readsParentAndTimesPastAnyProgramName() {
        String line = "42 (a) name (0 1) S 7 42 42 0 -1 4194304 1 2 3 4 100 20 3 4 20 0 1 0 12345 0 0";

        ProcessTree.Stat stat = ProcessTree.Stat.parse(line);

        assertEquals(7, stat.parent());
        assertEquals(127, stat.ticks());
    }

    @Test
    void countsChildrenThatHaveEnded() throws InterruptedException {
        List<String> command =
                List.of("sh", "-c", "sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; echo over; cat");

        try (Child parent = Child.start(command, Map.of(), folder.resolve("log"))) {
            parent.awaitUntil(() -> folder.resolve("log").toFile().length() > 0);

            assertTrue(ProcessTree.cpuMicros(parent.pid()) >= 50_000);
        }
    }

    @Test
    void countsTheMemoryOfChildrenToo() throws InterruptedException {
        List<String> command = List.of(
                "sh", "-c", "sh -c 'x=$(head -c 20000000 /dev/zero | tr \"\\0\" a); echo over; cat'; echo ended");

        try (Child parent = Child.start(command, Map.of(), folder.resolve("log"))) {
            parent.awaitUntil(() -> folder.resolve("log").toFile().length() > 0);

            assertTrue(ProcessTree.pssKib(List.of(parent.pid())) >= 15_000);
        }
    }

    @Test
    void aProcessThatIsGoneHasSpentNothing() {
        assertEquals(0, ProcessTree.cpuMicros(Long.MAX_VALUE));
        assertEquals(0, ProcessTree.pssKib(List.of(Long.MAX_VALUE)));
    }

    @Test
    void theMachineIsBusyWithoutWaitingAndStolenTime() {
        assertEquals((1 + 2 + 4 + 64 + 128) * 10_000L, Machine.busyMicros("cpu  1 2 4 8 16 64 128 256 0 0"));
    }
}
