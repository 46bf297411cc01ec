package org.messengerp2p.mailbox.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.Answer;

/** Full archives and rates, made small by settings. */
@QuarkusTest
@TestProfile(ArchiveQuotaTest.SmallBounds.class)
class ArchiveQuotaTest extends ArchiveTestBase {

    /** 10 000 bytes, 40 segments, 3 manifests; 80 writes and 5 reads at once. */
    public static class SmallBounds implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp2p.mailbox.archive.quota.bytes", "10000",
                    "mp2p.mailbox.archive.quota.segments", "40",
                    "mp2p.mailbox.archive.quota.manifests", "3",
                    "mp2p.mailbox.archive.limits.write", "1/PT1H/80",
                    "mp2p.mailbox.archive.limits.read", "1/PT1H/5");
        }
    }

    @Test
    void isFullToTheByteAndRefusesOnlyWhatIsNew() {
        Device phone = newListedDevice();
        byte[] first = random(9_000);
        putSegment(phone, segment(phone, 0, 0), first).is(204);

        putSegment(phone, segment(phone, 1, 0), random(1_001)).isProblem(507, "quota-full");
        putSegment(phone, segment(phone, 1, 0), random(1_000)).is(204);
        putSegment(phone, segment(phone, 2, 0), random(1)).isProblem(507, "quota-full");
        putManifest(phone, series(phone), 1, random(1)).isProblem(507, "quota-full");
        putSegment(phone, segment(phone, 0, 0), first).is(204);

        assertEquals(counted(phone), counters(phone));
    }

    @Test
    void aFullArchiveTakesAManifestThatMakesRoom() {
        Device phone = newListedDevice();
        putSegment(phone, segment(phone, 0, 0), random(9_000)).is(204);
        putSegment(phone, segment(phone, 1, 0), random(1_000)).is(204);

        putManifest(phone, series(phone), 1, random(1_001), new long[] {1, 0}).isProblem(507, "quota-full");
        assertEquals("2 0 10000", counters(phone), "what was refused has dropped nothing");
        putManifest(phone, series(phone), 1, random(1_000), new long[] {1, 0}).is(204);
        putManifest(phone, series(phone), 2, random(100), new long[] {0, 0}).is(204);

        assertEquals("0 1 100", counters(phone));
        assertEquals(counted(phone), counters(phone));
    }

    @Test
    void countsSegmentsAndManifests() {
        Device phone = newListedDevice();
        for (int segNo = 0; segNo < 40; segNo++) {
            putSegment(phone, segment(phone, segNo, 0), random(1)).is(204);
        }
        putSegment(phone, segment(phone, 40, 0), random(1)).isProblem(507, "quota-full");
        for (int gen = 1; gen <= 3; gen++) {
            putManifest(phone, phone.device().value() + "/" + gen, 1, random(1)).is(204);
        }
        putManifest(phone, phone.device().value() + "/4", 1, random(1)).isProblem(507, "quota-full");
        putManifest(phone, phone.device().value() + "/3", 2, random(1)).is(204);

        assertEquals("40 3 43", counters(phone));
    }

    @Test
    void manySegmentsAtTheEdgeNeverExceedTheQuota() throws Exception {
        Device phone = newListedDevice();
        putSegment(phone, segment(phone, 1000, 0), random(7_000)).is(204);

        List<Answer> answers = atOnce(64, n -> () -> {
            byte[] segment = random(300);
            return repeated(() -> putSegment(phone, segment(phone, n, 0), segment));
        });

        long stored = answers.stream().filter(answer -> answer.status() == 204).count();
        answers.stream().filter(answer -> answer.status() != 204).forEach(full -> full.isProblem(507, "quota-full"));
        assertEquals(10, stored);
        assertEquals("11 0 10000", counters(phone));
        assertEquals(counted(phone), counters(phone));
    }

    @Test
    void tooManyCallsAreToldWhenToTryAgain() {
        Device phone = newListedDevice();
        for (int call = 0; call < 5; call++) {
            manifests(phone);
        }

        Answer refused = getSegment(phone, segment(phone, 0, 0)).isProblem(429, "rate-limited");

        long wait = Long.parseLong(refused.headers().firstValue("Retry-After").orElse("0"));
        assertTrue(wait > 3000 && wait <= 3600, () -> "Retry-After " + wait);
        putSegment(phone, segment(phone, 0, 0), random(1)).is(204);
        manifests(newListedDevice());
    }

    @Test
    void endlessWritingIsStopped() {
        Device phone = newListedDevice();
        byte[] segment = random(1);
        for (int call = 0; call < 80; call++) {
            putSegment(phone, segment(phone, 0, 0), segment).is(204);
        }

        putSegment(phone, segment(phone, 0, 0), segment).isProblem(429, "rate-limited");
        putManifest(phone, series(phone), 1, segment).isProblem(429, "rate-limited");
        deleteArchive(phone).isProblem(429, "rate-limited");
    }
}
