package org.messengerp2p.mailbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.testkit.Eventually;

/**
 * A disk that is really full: PostgreSQL's data on a small one in memory, filled to the last byte, tables and
 * write-ahead log alike. Needs to mount it; {@link StorageFullTest} needs nothing.
 */
@QuarkusTest
@Tag("one-node")
class FullDiskTest extends MailboxTest {

    /** What PostgreSQL needs beyond what it has, until the test fills it. */
    private static final int ROOM_MEGABYTES = 48;

    @ConfigProperty(name = "quarkus.datasource.mailbox.jdbc.url")
    String url;

    private Postmaster postmaster;
    private Path onDisk;
    private Path filler;

    @BeforeEach
    void moveToASmallDisk() throws Exception {
        assumeFalse(Boolean.getBoolean("test.containers"), "the database is a process of this machine");
        assumeTrue(Postmaster.runsAsRoot(), "only root may mount a small disk");
        postmaster = Postmaster.of(url);
        onDisk = postmaster.data().resolveSibling(postmaster.data().getFileName() + ".on-disk");
        filler = postmaster.data().resolve("filler");
        postmaster.kill();
        run("mv", postmaster.data().toString(), onDisk.toString());
        Files.createDirectory(postmaster.data());
        boolean mounted = call(
                "mount", "-t", "tmpfs", "-o", "mode=0700,size=" + (used() + ROOM_MEGABYTES) + "m", "tmpfs", data());
        if (!mounted) {
            moveBack();
        }
        assumeTrue(mounted, "this root may not mount a small disk");
        run("cp", "-a", onDisk + "/.", data());
        postmaster.start();
    }

    @AfterEach
    void moveBackToTheDisk() throws Exception {
        if (onDisk == null) {
            return;
        }
        Files.deleteIfExists(filler);
        postmaster.start();
        postmaster.kill();
        run("rm", "-rf", onDisk.toString());
        run("cp", "-a", data(), onDisk.toString());
        run("umount", data());
        moveBack();
    }

    @Test
    void whatWasStoredIsCollectedAndWhatIsNewIsRefusedUntilThereIsRoom() throws Exception {
        Device bob = newListedDevice();
        List<Sent> sent = new ArrayList<>();
        assertEquals(200, send(bob, sent).status());
        fill();

        Answer refused = null;
        for (int i = 0; i < 2_000 && refused == null; i++) {
            Answer answer = send(bob, sent);
            refused = answer.status() == 200 ? null : answer;
        }
        assertRefused(refused);
        for (int i = 0; i < 20; i++) {
            assertRefused(send(bob, sent));
        }

        Files.delete(filler);
        postmaster.start();
        Eventually.isTrue("stores go on by themselves", () -> send(bob, sent).status() == 200);
        assertWaiting(sent, drain(bob));
    }

    @Test
    void aServerThatCannotWriteItsLogIsAwayAndComesBackWithAllThatWasAcknowledged() throws Exception {
        Device bob = newListedDevice();
        byte[] first = random(30_000);
        send(bob, first).is(200);
        fill();

        useUpTheLog();
        answersOf(bob).forEach(answer -> {
            answer.isProblem(503, "unavailable");
            assertTrue(answer.headers().firstValue("Retry-After").isPresent());
        });

        Files.delete(filler);
        postmaster.start();
        Eventually.isTrue(
                "stores go on by themselves", () -> send(bob, random(30_000)).status() == 200);
        assertArrayEquals(first, drain(bob).get(0));
    }

    private record Sent(byte[] envelope, int status) {}

    private Answer send(Device bob, List<Sent> sent) {
        byte[] envelope = random(30_000);
        Answer answer = send(bob, envelope);
        sent.add(new Sent(envelope, answer.status()));
        return answer;
    }

    /** All that was acknowledged, in order, and nothing that was refused for its room; 503 leaves it open. */
    private static void assertWaiting(List<Sent> sent, List<byte[]> waiting) {
        int at = 0;
        for (Sent each : sent) {
            boolean there = at < waiting.size() && Arrays.equals(each.envelope(), waiting.get(at));
            if (each.status() != 503) {
                assertEquals(each.status() == 200, there, "number " + sent.indexOf(each) + ", " + each.status());
            }
            at += there ? 1 : 0;
        }
        assertEquals(at, waiting.size(), "nothing else");
    }

    /** Writes to the write-ahead log alone, until PostgreSQL gives up. */
    private void useUpTheLog() {
        try {
            for (int megabytes = 0; megabytes < 256; megabytes++) {
                number("select length(pg_logical_emit_message(true, 'test', repeat('x', 1000000))::text)::text");
            }
        } catch (IllegalStateException ended) {
            return;
        }
        throw new AssertionError("the log has taken all of it");
    }

    private List<Answer> answersOf(Device bob) {
        return List.of(send(bob, random(30_000)), api.collect(bob), api.ack(bob, List.of()));
    }

    private static void assertRefused(Answer answer) {
        assertTrue(answer != null, "the disk was never full");
        answer.isProblem(answer.status(), answer.status() == 507 ? "storage-full" : "unavailable");
        assertTrue(answer.status() == 507 || answer.status() == 503);
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
    }

    private List<byte[]> drain(Device bob) {
        List<byte[]> all = new ArrayList<>();
        Answer page;
        do {
            page = api.collect(bob);
            all.addAll(page.envelopes());
            api.ack(bob, page.ids()).is(204);
        } while (!page.drained());
        return all;
    }

    private Answer send(Device to, byte[] envelope) {
        return api.messages(to, to.account(), 1, Addressed.to(to, envelope));
    }

    /** Until nothing more fits, also of what PostgreSQL itself has freed meanwhile. */
    private void fill() throws InterruptedException {
        byte[] block = new byte[4096];
        Eventually.isTrue("the disk is full", () -> {
            try (OutputStream out =
                    Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(block);
                }
            } catch (IOException full) {
                return filler.toFile().getUsableSpace() == 0;
            }
        });
    }

    private long used() throws IOException {
        try (var files = Files.walk(onDisk)) {
            return files.filter(Files::isRegularFile)
                            .mapToLong(file -> file.toFile().length())
                            .sum()
                    / (1 << 20);
        }
    }

    private String data() {
        return postmaster.data().toString();
    }

    private void moveBack() throws Exception {
        Files.delete(postmaster.data());
        run("mv", onDisk.toString(), data());
        postmaster.start();
    }

    private static void run(String... command) throws Exception {
        assertTrue(call(command), () -> String.join(" ", command));
    }

    private static boolean call(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
