package org.messengerp2p.mailbox.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.AuthDouble;
import org.messengerp2p.testkit.Citus;
import org.messengerp2p.testkit.Eventually;

/** Writers that meet, and a database that goes away between the statements of one change. */
@QuarkusTest
class ArchiveRaceTest extends ArchiveTestBase {

    @AfterEach
    void mend() {
        database("mend");
    }

    @Test
    void ofManyNextManifestsOneWins() throws Exception {
        Device phone = newListedDevice();
        List<byte[]> manifests = Stream.generate(() -> random(100)).limit(16).toList();

        for (int manNo = 1; manNo <= 3; manNo++) {
            long number = manNo;
            List<Answer> answers =
                    atOnce(16, n -> () -> repeated(() -> putManifest(phone, series(phone), number, manifests.get(n))));

            assertEquals(
                    1, answers.stream().filter(answer -> answer.status() == 204).count());
            for (int n = 0; n < 16; n++) {
                if (answers.get(n).status() == 204) {
                    assertArrayEquals(
                            manifests.get(n),
                            bytes(manifests(phone)
                                    .body()
                                    .path("manifests")
                                    .path(0)
                                    .path("manifest")));
                } else {
                    answers.get(n).isProblem(409, "manifest-version");
                    assertEquals(number, answers.get(n).body().path("man_no").asLong());
                }
            }
        }
        assertEquals("0 1 100", counters(phone));
    }

    @Test
    void theSameSegmentFromManySidesIsOne() throws Exception {
        Device phone = newListedDevice();
        byte[] segment = random(1000);

        atOnce(16, n -> () -> repeated(() -> putSegment(phone, segment(phone, 0, 0), segment)))
                .forEach(answer -> answer.is(204));

        assertEquals("1 0 1000", counters(phone));
        assertEquals(counted(phone), counters(phone));
    }

    @Test
    void nothingIsStoredForAnAccountThatEndsMeanwhile() throws Exception {
        for (int round = 0; round < 10; round++) {
            Device phone = newListedDevice();
            putSegment(phone, segment(phone, 1000, 0), random(10)).is(204);

            List<Integer> answers = atOnce(
                    8,
                    n -> () -> repeated(() -> n == 4
                                    ? delete(phone.account().base64url(), AuthDouble.SECRET)
                                    : putSegment(phone, segment(phone, n, 0), new byte[10]))
                            .status());

            assertTrue(List.of(204, 401).containsAll(answers), answers::toString);
            assertEquals("0 0 0", counted(phone));
        }
    }

    @Test
    void aManifestAndItsDropsAreOneAlsoWhenTheDatabaseGoesAwayBetween() throws Exception {
        Device phone = newListedDevice();
        byte[] first = random(50);
        putSegment(phone, segment(phone, 0, 0), random(10)).is(204);
        putSegment(phone, segment(phone, 1, 0), random(10)).is(204);
        putManifest(phone, series(phone), 1, first).is(204);

        CompletableFuture<Answer> call;
        try (Connection past = dataSource.getConnection();
                Statement statement = past.createStatement()) {
            past.setAutoCommit(false);
            // The second segment is held, so the statement stops after the manifest and the first one.
            statement
                    .executeQuery("select from archive_segment where seg_no = 1 and account = '"
                            + phone.account().value() + "' for update")
                    .close();
            call = meanwhile(
                    () -> putManifest(phone, series(phone), 2, random(60), new long[] {0, 0}, new long[] {1, 0}));
            awaitSomebodyWaiting();
            database("cut");
            past.rollback();
        }
        call.get().isProblem(503, "unavailable");
        database("mend");

        assertArrayEquals(
                first, bytes(manifests(phone).body().path("manifests").path(0).path("manifest")));
        assertEquals("[[0,0],[1,0]]", segmentsOf(phone, series(phone)));
        putManifest(phone, series(phone), 2, random(60), new long[] {0, 0}, new long[] {1, 0})
                .is(204);
        assertEquals("0 1 60", counters(phone));
        assertEquals(counted(phone), counters(phone));
    }

    @Test
    void anAccountThatWritesMuchAtOnceTakesTheDatabaseFromNobody() throws Exception {
        Device busy = newListedDevice();
        Device other = newListedDevice();
        putSegment(busy, segment(busy, 1000, 0), random(10)).is(204);
        putSegment(other, segment(other, 0, 0), random(10)).is(204);

        CompletableFuture<List<Answer>> many;
        try (Connection past = dataSource.getConnection();
                Statement statement = past.createStatement()) {
            past.setAutoCommit(false);
            statement
                    .executeQuery("select from archive where account = '"
                            + busy.account().value() + "' for update")
                    .close();
            many = meanwhile(() -> manySegments(busy, 40));
            awaitSomebodyWaiting();

            for (int call = 1; call <= 5; call++) {
                putSegment(other, segment(other, call, 0), random(10)).is(204);
            }
            past.rollback();
        }
        many.get().forEach(answer -> answer.is(204));
        assertEquals("41 0 410", counters(busy));
    }

    private List<Answer> manySegments(Device busy, int count) {
        try {
            return atOnce(count, n -> () -> {
                byte[] segment = random(10);
                return repeated(() -> putSegment(busy, segment(busy, n, 0), segment));
            });
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void awaitSomebodyWaiting() throws InterruptedException {
        Eventually.isTrue("somebody waits", () -> number(Citus.lockWaits()) > 0);
    }
}
