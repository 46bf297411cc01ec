package org.messengerp2p.mailbox.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.mailbox.AuthDouble;
import org.messengerp2p.mailbox.MailboxApi;

@QuarkusTest
class ArchiveTest extends ArchiveTestBase {

    @Test
    void anyDeviceReadsWhatOneHasWritten() {
        Device phone = newListedDevice();
        Device laptop = second(phone);
        byte[] segment = random(5000);
        byte[] manifest = random(900);

        putSegment(phone, segment(phone, 0, 0), segment).is(204);
        putManifest(phone, series(phone), 1, manifest).is(204);

        JsonNode page = manifests(laptop).body();
        assertEquals(1, page.path("manifests").size());
        JsonNode only = page.path("manifests").path(0);
        assertEquals(phone.device().value(), only.path("device_id").asLong());
        assertEquals(1, only.path("gen").asLong());
        assertEquals(1, only.path("man_no").asLong());
        assertArrayEquals(manifest, bytes(only.path("manifest")));
        assertTrue(page.path("next").isNull());
        assertArrayEquals(
                segment,
                bytes(getSegment(laptop, segment(phone, 0, 0)).is(200).body().path("segment")));
    }

    @Test
    void aManifestFollowsItsPredecessor() {
        Device phone = newListedDevice();

        assertEquals(0, refused(phone, 2));
        putManifest(phone, series(phone), 1, random(10)).is(204);
        assertEquals(1, refused(phone, 1));
        assertEquals(1, refused(phone, 3));
        putManifest(phone, series(phone), 2, random(10)).is(204);
        assertEquals(2, refused(phone, 1));
    }

    @Test
    void theSameManifestAgainChangesNothing() {
        Device phone = newListedDevice();
        byte[] manifest = random(100);
        putSegment(phone, segment(phone, 0, 0), random(10)).is(204);
        putManifest(phone, series(phone), 1, manifest).is(204);

        putManifest(phone, series(phone), 1, manifest, new long[] {0, 0}).is(204);

        getSegment(phone, segment(phone, 0, 0)).is(200);
        assertEquals(counted(phone), counters(phone));
    }

    @Test
    void theSameSegmentAgainChangesNothingAndAnotherByItsNameIsRefused() {
        Device phone = newListedDevice();
        byte[] segment = random(100);
        putSegment(phone, segment(phone, 7, 3), segment).is(204);
        putManifest(phone, series(phone), 1, random(10)).is(204);

        putSegment(phone, segment(phone, 7, 3), segment).is(204);
        assertEquals(
                1,
                putSegment(phone, segment(phone, 7, 3), random(100))
                        .isProblem(409, "manifest-version")
                        .body()
                        .path("man_no")
                        .asLong());

        assertArrayEquals(
                segment, bytes(getSegment(phone, segment(phone, 7, 3)).body().path("segment")));
        assertEquals(counted(phone), counters(phone));
    }

    @Test
    void whatAManifestDropsGoesWithIt() {
        Device phone = newListedDevice();
        Device laptop = second(phone);
        for (int segNo = 0; segNo < 3; segNo++) {
            putSegment(phone, segment(phone, segNo, 0), random(100)).is(204);
            putSegment(laptop, segment(laptop, segNo, 0), random(100)).is(204);
        }

        putManifest(phone, series(phone), 1, random(10), new long[] {0, 0}, new long[] {2, 0}, new long[] {9, 9})
                .is(204);

        getSegment(phone, segment(phone, 0, 0)).isProblem(404, "not-found");
        getSegment(phone, segment(phone, 1, 0)).is(200);
        assertEquals("[[0,0],[1,0],[2,0]]", segmentsOf(phone, series(laptop)));
        assertEquals(counted(phone), counters(phone));
    }

    @Test
    void aRefusedManifestDropsNothing() {
        Device phone = newListedDevice();
        putSegment(phone, segment(phone, 0, 0), random(100)).is(204);

        putManifest(phone, series(phone), 2, random(10), new long[] {0, 0}).isProblem(409, "manifest-version");

        getSegment(phone, segment(phone, 0, 0)).is(200);
    }

    @Test
    void whatNoManifestNamesIsFoundByTheList() {
        Device phone = newListedDevice();
        putSegment(phone, segment(phone, 1, 0), random(10)).is(204);
        putSegment(phone, segment(phone, 0, 2), random(10)).is(204);
        putSegment(phone, segment(phone, 0, 1), random(10)).is(204);
        putSegment(phone, phone.device().value() + "/2/5/0", random(10)).is(204);

        assertEquals("[[0,1],[0,2],[1,0]]", segmentsOf(second(phone), series(phone)));
    }

    @Test
    void longListsComeInPages() {
        Device phone = newListedDevice();
        putSegment(phone, segment(phone, 0, 0), random(10)).is(204);
        update("insert into archive_segment select account, device, gen, n, 0, size, sealed"
                + " from archive_segment, generate_series(1, 1500) n where account = '"
                + phone.account().value() + "'");

        JsonNode first = api.get("archive/" + series(phone) + "/segments", MailboxApi.tokenOf(phone))
                .is(200)
                .body();
        JsonNode rest = api.get(
                        "archive/" + series(phone) + "/segments?after="
                                + first.path("next").asText(),
                        MailboxApi.tokenOf(phone))
                .is(200)
                .body();

        assertEquals(1000, first.path("segments").size());
        assertEquals("[1000,0]", rest.path("segments").path(0).toString());
        assertEquals(501, rest.path("segments").size());
        assertTrue(rest.path("next").isNull());
    }

    @Test
    void manifestsComeInPagesOfBoundedLength() {
        Device phone = newListedDevice();
        for (int gen = 1; gen <= 6; gen++) {
            putManifest(phone, phone.device().value() + "/" + gen, 1, random(262_216))
                    .is(204);
        }

        List<Long> gens = new ArrayList<>();
        String next = "";
        int pages = 0;
        while (next != null) {
            JsonNode page = api.get("archive/manifests" + next, MailboxApi.tokenOf(phone))
                    .is(200)
                    .body();
            page.path("manifests").forEach(item -> gens.add(item.path("gen").asLong()));
            next = page.path("next").isNull()
                    ? null
                    : "?after=" + page.path("next").asText();
            pages++;
        }

        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), gens);
        assertEquals(2, pages);
    }

    @Test
    void anEmptyArchiveIsNoError() {
        Device phone = newListedDevice();

        assertEquals(0, manifests(phone).body().path("manifests").size());
        assertEquals("[]", segmentsOf(phone, series(phone)));
        getSegment(phone, segment(phone, 0, 0)).isProblem(404, "not-found");
        deleteArchive(phone).is(204);
    }

    @Test
    void deletingTakesEverythingAndTheArchiveCanBeginAnew() {
        Device phone = newListedDevice();
        Device laptop = second(phone);
        fill(phone, phone);
        fill(laptop, laptop);

        deleteArchive(laptop).is(204);

        assertEquals("0 0 0", counted(phone));
        assertEquals(0, manifests(phone).body().path("manifests").size());
        fill(phone, phone);
        assertEquals(counted(phone), counters(phone));
    }

    @Test
    void anotherAccountSeesAndChangesNothing() {
        Device phone = newListedDevice();
        fill(phone, phone);
        Device eve = newListedDevice();

        getSegment(eve, segment(phone, 0, 0)).isProblem(404, "not-found");
        assertEquals("[]", segmentsOf(eve, series(phone)));
        assertEquals(0, manifests(eve).body().path("manifests").size());
        putManifest(eve, series(phone), 1, random(10), new long[] {0, 0}).is(204);
        deleteArchive(eve).is(204);

        getSegment(phone, segment(phone, 0, 0)).is(200);
        assertEquals(1, manifests(phone).body().path("manifests").size());
    }

    @Test
    void theArchiveOfARemovedDeviceStaysAndTheOthersRewriteIt() {
        Device phone = newListedDevice();
        Device laptop = second(phone);
        fill(phone, phone);
        list(phone.account(), 3, laptop.device());

        getSegment(laptop, segment(phone, 0, 0)).is(200);
        putSegment(laptop, segment(phone, 0, 1), random(10)).is(204);
        putManifest(laptop, series(phone), 2, random(10), new long[] {0, 0}).is(204);

        assertEquals("[[0,1]]", segmentsOf(laptop, series(phone)));
    }

    @Test
    void aDeviceThatIsNotListedIsRefused() {
        Device phone = newListedDevice();
        fill(phone, phone);
        Device stranger = new Device(phone.account(), newDeviceId());

        manifests401(stranger);
        getSegment(stranger, segment(phone, 0, 0)).isProblem(401, "device-revoked");
        api.get("archive/" + series(phone) + "/segments", MailboxApi.tokenOf(stranger))
                .isProblem(401, "device-revoked");
        putSegment(stranger, segment(phone, 1, 0), random(10)).isProblem(401, "device-revoked");
        putManifest(stranger, series(phone), 2, random(10)).isProblem(401, "device-revoked");
        deleteArchive(stranger).isProblem(401, "device-revoked");

        assertEquals("1 1 20", counted(phone));
    }

    @Test
    void theEndOfTheAccountIsTheEndOfItsArchive() {
        Device phone = newListedDevice();
        fill(phone, phone);
        Device other = newListedDevice();
        fill(other, other);

        delete(phone.account().base64url(), AuthDouble.SECRET).is(204);

        assertEquals("0 0 0", counted(phone));
        assertEquals(
                0,
                number("select count(*)::text from archive where account = '"
                        + phone.account().value() + "'"));
        assertEquals("1 1 20", counted(other));
    }

    private void manifests401(Device device) {
        api.get("archive/manifests", MailboxApi.tokenOf(device)).isProblem(401, "device-revoked");
    }

    private void fill(Device caller, Device writer) {
        putSegment(caller, segment(writer, 0, 0), random(10)).is(204);
        putManifest(caller, series(writer), 1, random(10)).is(204);
    }

    /** A further device of the account; its list has version 2. */
    private Device second(Device first) {
        Device second = new Device(first.account(), newDeviceId());
        list(first.account(), 2, first.device(), second.device());
        return second;
    }

    private long refused(Device phone, long manNo) {
        return putManifest(phone, series(phone), manNo, random(10))
                .isProblem(409, "manifest-version")
                .body()
                .path("man_no")
                .asLong(-1);
    }
}
