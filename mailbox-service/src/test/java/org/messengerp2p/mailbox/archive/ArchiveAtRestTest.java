package org.messengerp2p.mailbox.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;

@QuarkusTest
class ArchiveAtRestTest extends ArchiveTestBase {

    private static final HexFormat HEX = HexFormat.of();

    @ConfigProperty(name = "mp2p.mailbox.keyset")
    Path envelopeKeyset;

    @Inject
    MeterRegistry meters;

    @Test
    void nothingOfAnArchiveCanBeReadInTheDatabase() {
        Device phone = newListedDevice();
        byte[] segment = random(1000);
        byte[] manifest = random(1000);
        putSegment(phone, segment(phone, 0, 0), segment).is(204);
        putManifest(phone, series(phone), 1, manifest).is(204);

        String rows = rowsOf(phone);

        assertTrue(rows.contains(phone.account().value().toString()), "the search finds what is there");
        for (byte[] secret : List.of(segment, manifest)) {
            for (int at = 0; at + 8 <= secret.length; at += 8) {
                assertFalse(rows.contains(HEX.formatHex(secret, at, at + 8)));
            }
        }
    }

    @Test
    @Tag("one-node")
    void aSegmentDoesNotOpenInAnothersPlaceAndTheClientGoesOn() {
        Device phone = newListedDevice();
        Device eve = newListedDevice();
        byte[] bytes = random(100);
        putSegment(phone, segment(phone, 0, 0), bytes).is(204);
        putSegment(phone, segment(phone, 1, 0), bytes).is(204);
        putSegment(eve, segment(phone, 0, 0), bytes).is(204);
        double before = meters.counter("mp2p.archive.unreadable").count();

        update(("update archive_segment s set sealed = o.sealed from archive_segment o"
                        + " where s.account = '%1$s' and o.account = '%2$s'")
                .formatted(eve.account().value(), phone.account().value()));
        update(("update archive_segment s set sealed = o.sealed from archive_segment o"
                        + " where s.account = '%1$s' and o.account = '%1$s' and s.seg_no = 1 and o.seg_no = 0")
                .formatted(phone.account().value()));

        getSegment(phone, segment(phone, 0, 0)).is(200);
        getSegment(phone, segment(phone, 1, 0)).isProblem(404, "segment-unreadable");
        getSegment(eve, segment(phone, 0, 0)).isProblem(404, "segment-unreadable");
        assertEquals(2, meters.counter("mp2p.archive.unreadable").count() - before);
        putSegment(phone, segment(phone, 1, 0), bytes).isProblem(409, "manifest-version");
        putSegment(phone, segment(phone, 1, 1), bytes).is(204);
        putManifest(phone, series(phone), 1, random(10), new long[] {1, 0}).is(204);
        assertEquals("[[0,0],[1,1]]", segmentsOf(phone, series(phone)));
    }

    @Test
    void aManifestThatWasPutBackIsToldAndReplaced() {
        Device phone = newListedDevice();
        putManifest(phone, series(phone), 1, random(10)).is(204);
        byte[] old = column("select sealed from archive_manifest where account = '"
                        + phone.account().value() + "'")
                .get(0);
        putManifest(phone, series(phone), 2, random(10)).is(204);

        update("update archive_manifest set sealed = '\\x%s' where account = '%s'"
                .formatted(HEX.formatHex(old), phone.account().value()));

        JsonNode item = manifests(phone).body().path("manifests").path(0);
        assertEquals(2, item.path("man_no").asLong());
        assertTrue(item.path("manifest").isNull(), "an older manifest does not open as a newer one");
        putManifest(phone, series(phone), 3, random(10)).is(204);
        assertTrue(manifests(phone)
                .body()
                .path("manifests")
                .path(0)
                .path("manifest")
                .isTextual());
    }

    @Test
    void theKeysetIsAnotherThanThatOfTheEnvelopesAndForItsOwnerAlone() throws Exception {
        Path keyset = envelopeKeyset.resolveSibling("archive.json");

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keyset)));
        assertFalse(Files.readString(keyset).equals(Files.readString(envelopeKeyset)));
    }

    /** Every column of every table of the account, bytes as hex. */
    private String rowsOf(Device device) {
        StringBuilder rows = new StringBuilder();
        for (String table : List.of("archive", "archive_manifest", "archive_segment")) {
            column("select row_to_json(t)::text from " + table + " t where account = '"
                            + device.account().value() + "'")
                    .forEach(row -> rows.append(new String(row, StandardCharsets.UTF_8)));
        }
        return rows.toString();
    }
}
