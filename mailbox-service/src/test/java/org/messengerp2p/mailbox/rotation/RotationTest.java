package org.messengerp2p.mailbox.rotation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messengerp2p.kit.identity.Device;
import org.messengerp2p.kit.secret.KeysetRotation;
import org.messengerp2p.mailbox.Addressed;
import org.messengerp2p.mailbox.Answer;
import org.messengerp2p.mailbox.MailboxApi;
import org.messengerp2p.mailbox.MailboxTest;
import org.messengerp2p.mailbox.archive.ResealNow;
import org.messengerp2p.mailbox.sealing.KeysetReading;

/** The command beside the running service, which is never restarted. */
@QuarkusTest
class RotationTest extends MailboxTest {

    private static final HexFormat HEX = HexFormat.of();

    @ConfigProperty(name = "mp2p.mailbox.keyset")
    Path envelopes;

    @Inject
    KeysetReading reading;

    @Inject
    ResealNow reseal;

    @Inject
    MeterRegistry meters;

    private Duration ahead;

    @BeforeEach
    void begin() {
        ahead = Duration.ZERO;
        update("delete from envelope");
        update("update mailbox set waiting = 0, waiting_bytes = 0");
        update("delete from archive");
    }

    @Test
    void envelopesOfBothKeysAreCollectedAndTheOldKeyStaysUntilItsRowsAreGone() throws Exception {
        Device bob = newListedDevice();
        byte[] first = random(500);
        byte[] second = random(500);
        byte[] third = random(500);
        store(bob, first);

        does("A key was added", "envelopes", "add");
        store(bob, second);
        does("The new key seals", "envelopes", "promote");
        store(bob, third);

        assertEquals(List.of(2L, 1L), rowsByKey("envelope"));
        Answer page = api.collect(bob);
        assertArrayEquals(first, page.envelopes().get(0));
        assertArrayEquals(second, page.envelopes().get(1));
        assertArrayEquals(third, page.envelopes().get(2));
        refuses("2 rows are sealed by an old key", "envelopes", "retire");
        assertEquals(3, api.collect(bob).envelopes().size());
        assertEquals("old      2 rows\nprimary  1 rows\n", output("envelopes", "status"));

        api.ack(bob, page.ids().subList(0, 2)).is(204);
        does("The old keys are destroyed", "envelopes", "retire");

        assertEquals(1, api.collect(bob).envelopes().size());
        store(bob, random(500));
        assertEquals("primary  2 rows\n", output("envelopes", "status"));
    }

    @Test
    void archivesAreSealedAnewAndThenTheOldKeyGoes() throws Exception {
        Device phone = newListedDevice();
        byte[] segment = random(5000);
        byte[] manifest = random(500);
        for (int segNo = 0; segNo < 40; segNo++) {
            put(phone, segNo + "/0", "{\"segment\":\"" + MailboxApi.base64url(segment) + "\"}");
        }
        put(phone, "manifest", "{\"man_no\":1,\"manifest\":\"" + MailboxApi.base64url(manifest) + "\"}");
        does("A key was added", "archive", "add");
        does("The new key seals", "archive", "promote");
        put(phone, "40/0", "{\"segment\":\"" + MailboxApi.base64url(segment) + "\"}");

        assertEquals(List.of(40L, 1L), rowsByKey("archive_segment"));
        assertArrayEquals(segment, segment(phone, "0/0"));
        assertArrayEquals(segment, segment(phone, "40/0"));
        refuses("41 rows are sealed by an old key", "archive", "retire");

        assertEquals(41, reseal.look());

        assertEquals(List.of(41L), rowsByKey("archive_segment"));
        assertEquals(0, reseal.look());
        does("The old keys are destroyed", "archive", "retire");
        assertArrayEquals(segment, segment(phone, "0/0"));
        assertArrayEquals(segment, segment(phone, "40/0"));
        assertArrayEquals(
                manifest,
                bytes(api.get("archive/manifests", MailboxApi.tokenOf(phone))
                        .is(200)
                        .body()
                        .path("manifests")
                        .path(0)
                        .path("manifest")
                        .asText()));
    }

    @Test
    void whatNoKeyOpensStaysAsItIs() throws Exception {
        Device phone = newListedDevice();
        put(phone, "0/0", "{\"segment\":\"AAAA\"}");
        put(phone, "1/0", "{\"segment\":\"AAAA\"}");
        update("update archive_segment set sealed = '\\x01aabbccdd' || substring(sealed from 6) where seg_no = 0");
        byte[] lost =
                column("select sealed from archive_segment where seg_no = 0").get(0);
        does("A key was added", "archive", "add");
        does("The new key seals", "archive", "promote");
        double before = meters.counter("mp2p.archive.unreadable").count();

        assertEquals(1, reseal.look());

        assertEquals(1, meters.counter("mp2p.archive.unreadable").count() - before);
        assertArrayEquals(
                lost,
                column("select sealed from archive_segment where seg_no = 0").get(0));
        does("The old keys are destroyed", "archive", "retire");
    }

    @Test
    void aStepThatComesTooEarlyOrInTheWrongOrderIsRefusedInWords() throws Exception {
        refuses("There is no old key; add one first", "archive", "retire");
        refuses("No key has been added; add one first", "archive", "promote");
        does("A key was added", "archive", "add");
        refuses("A key has been added already; promote it", "archive", "add");
        ahead = Duration.ZERO;
        assertEquals(1, command().run(new PrintStream(new ByteArrayOutputStream()), "archive", "promote"));
        does("The new key seals", "archive", "promote");
        ahead = Duration.ZERO;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        assertEquals(1, command().run(new PrintStream(said), "archive", "retire"));
        assertTrue(said.toString().contains("wait another"), said::toString);
        does("The old keys are destroyed", "archive", "retire");
    }

    @Test
    void aDatabaseThatIsAwayDestroysNothing() throws Exception {
        does("A key was added", "archive", "add");
        does("The new key seals", "archive", "promote");
        ahead = ahead.plus(KeysetRotation.SPREAD);
        String before = Files.readString(envelopes.resolveSibling("archive.json"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        RotateKeys cut = new RotateKeys(
                envelopes,
                () -> {
                    throw new java.sql.SQLException("away");
                },
                Clock.offset(Clock.systemUTC(), ahead),
                System.out);

        assertEquals(1, cut.run(new PrintStream(said), "archive", "retire"));

        assertTrue(said.toString().contains("The database cannot be asked"), said::toString);
        assertEquals(before, Files.readString(envelopes.resolveSibling("archive.json")));
        does("The old keys are destroyed", "archive", "retire");
    }

    @Test
    void aFileThatCannotBeReadLeavesTheServiceItsKeys() throws Exception {
        Device bob = newListedDevice();
        byte[] envelope = random(100);
        String good = Files.readString(envelopes);
        store(bob, envelope);

        Files.writeString(envelopes, good.substring(0, good.length() / 2));
        reading.readAgain();
        assertArrayEquals(envelope, api.collect(bob).envelopes().get(0));
        store(bob, random(100));
        Files.writeString(envelopes, good);
        reading.readAgain();

        assertEquals(2, api.collect(bob).envelopes().size());
    }

    private void store(Device to, byte[] envelope) {
        api.messages(to, to.account(), 1, Addressed.to(to, envelope)).is(200);
    }

    private void put(Device phone, String path, String body) {
        api.put("archive/" + phone.device().value() + "/1/" + path, MailboxApi.tokenOf(phone), body)
                .is(204);
    }

    private byte[] segment(Device phone, String path) {
        return bytes(api.get("archive/" + phone.device().value() + "/1/" + path, MailboxApi.tokenOf(phone))
                .is(200)
                .body()
                .path("segment")
                .asText());
    }

    private static byte[] bytes(String base64url) {
        return Base64.getUrlDecoder().decode(base64url);
    }

    /** From the key that was first to the one that was last, as far as they have rows. */
    private List<Long> rowsByKey(String table) throws Exception {
        Path file = table.equals("envelope") ? envelopes : envelopes.resolveSibling("archive.json");
        return new KeysetRotation(file, Clock.systemUTC())
                .keys().stream()
                        .map(key -> number("select count(*)::text from " + table
                                + " where substring(sealed from 1 for 5) = '\\x" + HEX.formatHex(key.prefix()) + "'"))
                        .filter(count -> count > 0)
                        .toList();
    }

    /** Takes the step after the time that it has to wait, and lets the service read the file. */
    private void does(String words, String... step) throws Exception {
        ahead = ahead.plus(KeysetRotation.SPREAD);
        String said = output(step);
        assertTrue(said.contains(words), said);
        reading.readAgain();
    }

    private void refuses(String words, String... step) {
        ahead = ahead.plus(KeysetRotation.SPREAD);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        assertEquals(1, command().run(new PrintStream(said), step));
        assertTrue(said.toString().contains(words), said::toString);
    }

    private String output(String... step) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ahead = ahead.plus(KeysetRotation.SPREAD);
        RotateKeys command = new RotateKeys(
                envelopes, dataSource::getConnection, Clock.offset(Clock.systemUTC(), ahead), new PrintStream(out));
        ByteArrayOutputStream refusals = new ByteArrayOutputStream();
        assertEquals(0, command.run(new PrintStream(refusals), step), refusals::toString);
        return out.toString(StandardCharsets.UTF_8);
    }

    private RotateKeys command() {
        return new RotateKeys(envelopes, dataSource::getConnection, Clock.offset(Clock.systemUTC(), ahead), System.out);
    }
}
